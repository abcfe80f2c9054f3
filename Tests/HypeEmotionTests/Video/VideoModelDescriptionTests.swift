import Foundation
import HypeCore
import HypeEmotion
import Testing

@Suite
struct VideoModelDescriptionTests {
    private func read(_ change: (inout [String: Any]) -> Void) throws -> VideoModelDescription {
        try FaceTestModels.inTemporaryFolder { folder in
            try VideoModelDescription(beside: VideoParity.write(to: folder, describing: change))
        }
    }

    @Test
    func whatTheExporterWritesIsRead() throws {
        let description = try read { _ in }
        #expect(description.head == .emotions)
        #expect(description.labels == Emotion.basic.map(\.rawValue))
        #expect(description.input.frames == 4)
        #expect(description.input.tubelet == 2)
        #expect(description.input.side == 32)
        #expect(description.input.mean == [0.485, 0.456, 0.406])
        #expect(description.threshold == 0.5)
        #expect(description.source == "numbers from a formula")
    }

    @Test(
        arguments: [
            ["frames": 0], ["frames": 5], ["frames": 100_000], ["tubelet": 0], ["side": 0], ["side": 1_000_000],
            ["mean": [0.5]], ["std": [0.2, 0, 0.2]], ["std": [0.2, 0.2]], ["frames": "many"],
        ] as [[String: any Sendable]]
    )
    func inputsThatMakeNoSenseAreRefused(change: [String: any Sendable]) throws {
        let error = try #require(throws: EmotionError.self) {
            try read { said in
                guard var input = said["input"] as? [String: Any] else { return }
                for (key, value) in change { input[key] = value }
                said["input"] = input
            }
        }
        #expect(error.code == .unsuitableModel)
        #expect(error.message.contains("videomae-emotion.json"))
    }

    @Test(
        arguments: [
            ["labels": [String]()], ["labels": ["angry", "dancing"]], ["threshold": 1.5], ["head": "weather"],
            ["labels": 3],
        ] as [[String: any Sendable]]
    )
    func answersThatMakeNoSenseAreRefused(change: [String: any Sendable]) throws {
        let error = try #require(throws: EmotionError.self) {
            try read { said in for (key, value) in change { said[key] = value } }
        }
        #expect(error.code == .unsuitableModel)
    }

    @Test
    func aMissingDescriptionIsSaid() throws {
        try FaceTestModels.inTemporaryFolder { folder in
            let file = try VideoParity.write(to: folder)
            try FileManager.default.removeItem(at: folder.appending(path: "videomae-emotion.json"))
            let error = try #require(throws: EmotionError.self) { try VideoModelDescription(beside: file) }
            #expect(error.code == .unsuitableModel)
            #expect(error.message.contains("Training/run videomae export"))
        }
    }

    @Test
    func damagedDescriptionsAreErrorsAndNeverAnythingElse() throws {
        try FaceTestModels.inTemporaryFolder { folder in
            let file = try VideoParity.write(to: folder)
            let said = folder.appending(path: "videomae-emotion.json")
            let whole = try Array(Data(contentsOf: said))
            var random = SplitMix64(seed: 3)
            var refused = 0
            for _ in 0..<400 {
                var bytes = whole
                for _ in 0...random.index(below: 4) {
                    bytes[random.index(below: bytes.count)] = UInt8(random.index(below: 256))
                }
                if random.happens(0.2) { bytes.removeLast(random.index(below: bytes.count)) }
                try Data(bytes).write(to: said)
                do {
                    let description = try VideoModelDescription(beside: file)
                    #expect((1...256).contains(description.input.frames))
                    #expect((1...1024).contains(description.input.side))
                } catch is EmotionError {
                    refused += 1
                }
            }
            #expect(refused > 100)
        }
    }
}
