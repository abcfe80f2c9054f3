import Foundation
import HypeEvaluation
import Testing

struct DatasetTests {
    static let names: [(Dataset, String, String, Dataset.Sign)] = [
        (
            .ravdess, "03-01-05-01-02-01-12", "",
            .init(label: "angry", speaker: "ravdess-12", sex: "female")
        ),
        (.ravdess, "01-01-02-02-01-01-03", "", .init(label: "calm", speaker: "ravdess-03", sex: "male")),
        (.tess, "OAF_back_ps", "", .init(label: "ps", speaker: "tess-OAF", sex: "female")),
        (.tess, "OA_bite_neutral", "", .init(label: "neutral", speaker: "tess-OAF", sex: "female")),
        (.tess, "YAF_Home_Sad", "", .init(label: "sad", speaker: "tess-YAF", sex: "female")),
        (.cremaD, "1001_DFA_ANG_XX", "", .init(label: "ang", speaker: "crema-1001")),
        (.cremaD, "1040_ITH_SAD_X", "", .init(label: "sad", speaker: "crema-1040")),
        (.savee, "DC_a01", "", .init(label: "angry", speaker: "savee-DC", sex: "male")),
        (.savee, "su15", "JK", .init(label: "surprise", speaker: "savee-JK", sex: "male")),
        (.emodb, "03a01Fa", "", .init(label: "happy", speaker: "emodb-03", sex: "male")),
        (.emodb, "14b10Lb", "", .init(label: "boredom", speaker: "emodb-14", sex: "female")),
        (.enterface05, "s1_an_1", "", .init(label: "angry", speaker: "enterface05-1")),
        (.enterface05, "s_03_su_5", "", .init(label: "surprise", speaker: "enterface05-3")),
        (.fer2013, "0001", "test/happy", .init(label: "happy")),
        (.folders, "x", "Fear/person3", .init(label: "Fear")),
        (.affectnet, "x", "6", .init(label: "angry")),
        (.affectnet, "x", "contempt", .init(label: "contempt")),
    ]

    @Test(arguments: DatasetTests.names)
    func namesSayWhatTheFilesShow(dataset: Dataset, stem: String, folder: String, sign: Dataset.Sign) {
        #expect(dataset.sign(stem: stem, folders: folder.split(separator: "/").map(String.init)) == sign)
    }

    static let otherNames: [(Dataset, String)] = [
        (.ravdess, "03-02-05-01-02-01-12"), (.ravdess, "02-01-05-01-02-01-12"),
        (.ravdess, "03-01-09-01-02-01-12"),
        (.ravdess, "x03-01-05-01-02-01-12"), (.tess, "OAF_back_calm"), (.cremaD, "2001_DFA_ANG_XX"),
        (.cremaD, "1001_DFA_CAL_XX"), (.savee, "a01"), (.savee, "DC_x01"), (.emodb, "03a01fa"), (.emodb, "03c01Fa"),
        (.enterface05, "subject_an_1"), (.fer2013, "loose"),
    ]

    @Test(arguments: DatasetTests.otherNames)
    func otherNamesAreStrangers(dataset: Dataset, stem: String) {
        #expect(dataset.sign(stem: stem, folders: []) == nil)
    }

    /// Makes empty files and looks what is found.
    private func scan(_ dataset: Dataset, _ names: [String], demographics: String? = nil) throws -> LabeledFiles {
        let root = FileManager.default.temporaryDirectory.appending(path: "dataset-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let folder = root.appending(path: "data")
        for name in names {
            let url = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data().write(to: url)
        }
        if let demographics { try Data(demographics.utf8).write(to: root.appending(path: "VideoDemographics.csv")) }
        return try dataset.files(in: folder.path)
    }

    @Test
    func foldersAreSearchedAndStrangersCounted() throws {
        let result = try scan(
            .ravdess,
            [
                "Actor_12/03-01-05-01-02-01-12.wav", "03-01-01-01-01-01-01.OPUS", "song/03-02-01-01-01-01-01.wav",
                "readme.txt",
            ]
        )
        #expect(result.files.map(\.speaker) == ["ravdess-01", "ravdess-12"])
        #expect(result.files.allSatisfy { $0.corpus == "ravdess" })
        #expect(result.strangers == 1)
    }

    @Test
    func sexesOfCremaComeFromItsTable() throws {
        let result = try scan(
            .cremaD,
            ["AudioWAV/1001_DFA_ANG_XX.wav", "AudioWAV/1002_DFA_HAP_XX.wav"],
            demographics: "ActorID,Age,Sex\n1001,51,Male\n"
        )
        #expect(result.files.map(\.sex) == ["male", nil])
    }

    @Test
    func onlyTheTestFolderOfFacesIsUsed() throws {
        let result = try scan(.fer2013, ["train/happy/1.png", "test/happy/2.png", "test/contempt/3.jpg"])
        #expect(result.files.count == 1)
        #expect(result.files[0].path.hasSuffix("test/happy/2.png"))
        #expect(result.foreignLabels == ["contempt": 1])
        #expect(result.notes.count == 1)
    }

    @Test(arguments: Dataset.allCases)
    func nothingThatFitsIsSaidWithAnExample(dataset: Dataset) throws {
        let error = try #require(throws: EvaluationError.self) { try scan(dataset, ["notes.txt", "odd.wav"]) }
        #expect(error.code == .nothing)
        #expect(error.message.contains(dataset.example))
    }

    @Test
    func missingFolderIsNamed() throws {
        let error = try #require(throws: EvaluationError.self) { try Dataset.tess.files(in: "/nowhere") }
        #expect(error.code == .unreadable && error.message.contains("/nowhere"))
    }
}
