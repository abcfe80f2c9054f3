import Foundation
import HypeCore
import HypeEvaluation
import Testing

struct TrainingRecordTests {
    private func record(_ json: String) -> TrainingRecord? { TrainingRecord(sidecar: Data(json.utf8)) }

    private func file(_ speaker: String?, _ corpus: String?, isTestPart: Bool = false) -> LabeledFile {
        LabeledFile(path: "x", emotion: .sad, speaker: speaker, corpus: corpus, isTestPart: isTestPart)
    }

    @Test
    func speakersThatWereHeardAreKnownAndOthersAreNot() throws {
        let text = #"{"name": "v", "heard": {"ravdess": ["ravdess-01", "ravdess-02"], "tess": ["tess-YAF"]}}"#
        let net = try #require(record(text))
        #expect(net.model == "v")
        #expect(net.mayHaveTaught(file("ravdess-01", "ravdess")))
        #expect(net.mayHaveTaught(file("RAVDESS-1", nil)))
        #expect(net.mayHaveTaught(file("ravdess-01", "ravdess-song")))
        #expect(net.mayHaveTaught(file("01", "ravdess")))
        #expect(net.mayHaveTaught(file(nil, "tess")))
        #expect(!net.mayHaveTaught(file("ravdess-21", "ravdess")))
        #expect(!net.mayHaveTaught(file("11", "ravdess")))
        #expect(!net.mayHaveTaught(file("tess-OAF", "tess")))
        #expect(!net.mayHaveTaught(file("DC", "savee")))
        #expect(!net.mayHaveTaught(file(nil, nil)))
    }

    @Test
    func picturesCountByTheirPart() throws {
        let net = try #require(record(#"{"name": "f", "heard": {"fer2013": ["*"]}}"#))
        #expect(net.mayHaveTaught(file(nil, "fer2013")))
        #expect(!net.mayHaveTaught(file(nil, "fer2013", isTestPart: true)))
        #expect(!net.mayHaveTaught(file(nil, "affectnet")))
    }

    @Test
    func dataInWordsCountsWhole() throws {
        let net = try #require(record(#"{"name": "v", "data": "CREMA-D (ODbL 1.0), SAVEE (research)"}"#))
        #expect(net.mayHaveTaught(file("crema-1001", "crema-d")))
        #expect(net.mayHaveTaught(file("crema-1001", nil)))
        #expect(net.mayHaveTaught(file("savee-DC", "savee")))
        #expect(!net.mayHaveTaught(file("ravdess-01", "ravdess")))
    }

    @Test(arguments: ["", "[]", #"{"name": "v"}"#, #"{"heard": {}}"#, #"{"name": "v", "heard": 3}"#])
    func unusableDescriptionsSayNothing(text: String) {
        #expect(record(text) == nil)
    }

    /// The shipped descriptions say what the model cards say.
    @Test
    func shippedNetsNameWhoTaughtThem() throws {
        let models = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Models")
        let voice = try #require(
            TrainingRecord(sidecar: Data(contentsOf: models.appending(path: "voice-emotion.json")))
        )
        for number in 1...24 {
            let name = "ravdess-\(number < 10 ? "0" : "")\(number)"
            #expect(voice.mayHaveTaught(file(name, "ravdess")) == (number <= 20), "\(name)")
        }
        for (speaker, corpus, isHeard) in [
            ("tess-YAF", "tess", true), ("tess-OAF", "tess", false), ("emodb-15", "emodb", false),
            ("emodb-14", "emodb", true), ("crema-1062", "crema-d", false), ("crema-1002", "crema-d", true),
            ("savee-DC", "savee", false), ("enterface05-1", "enterface05", false),
        ] {
            #expect(voice.mayHaveTaught(file(speaker, corpus)) == isHeard, "\(speaker)")
        }
        let face = try #require(
            TrainingRecord(sidecar: Data(contentsOf: models.appending(path: "face-expression.json")))
        )
        for corpus in ["fer2013", "ferplus"] {
            #expect(face.mayHaveTaught(file(nil, corpus)))
            #expect(!face.mayHaveTaught(file(nil, corpus, isTestPart: true)))
        }
        #expect(!face.mayHaveTaught(file(nil, "affectnet")))
    }
}
