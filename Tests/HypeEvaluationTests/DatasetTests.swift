import Foundation
import HypeCore
import HypeEvaluation
import Testing

/// What names say; the same list holds `Training/tests/test_corpora.py`.
struct DatasetNameTests {
    struct Row: Sendable {
        var corpus: Dataset
        var path: String
        var emotion: String
        var speaker: String
        var sex: String
        var isFaulty: Bool
    }

    static let rows: [Row] = {
        guard let url = Bundle.module.url(forResource: "Fixtures/names", withExtension: "csv"),
            let text = try? String(contentsOf: url, encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 6, let corpus = Dataset(rawValue: fields[0]) else { return nil }
            return Row(
                corpus: corpus,
                path: fields[1],
                emotion: fields[2],
                speaker: fields[3],
                sex: fields[4],
                isFaulty: fields[5] == "fault"
            )
        }
    }()

    @Test
    func theListIsThere() {
        #expect(Self.rows.count > 50)
        #expect(Set(Self.rows.map(\.corpus)).count == 7)
    }

    @Test(arguments: rows)
    func namesSayWhatTheFilesShow(row: Row) {
        let sign = row.corpus.sign(of: row.path)
        let emotion = sign.map { Emotion(label: $0.label)?.rawValue ?? $0.label }
        #expect(emotion ?? "" == row.emotion)
        #expect(sign?.speaker ?? "" == row.speaker)
        #expect(sign?.sex ?? "" == row.sex)
        #expect((sign?.fault != nil) == row.isFaulty)
    }

    static let pictures: [(Dataset, String, String?)] = [
        (.fer2013, "test/happy/0001.png", "happy"), (.folders, "Fear/person3/x.wav", "Fear"),
        (.affectnet, "6/x.jpg", "angry"), (.affectnet, "contempt/x.jpg", "contempt"), (.fer2013, "loose.png", nil),
        (.fer2013, "happy/readme.txt", nil), (.folders, "happy/.png", nil),
    ]

    @Test(arguments: DatasetNameTests.pictures)
    func foldersSayWhatPicturesShow(dataset: Dataset, path: String, label: String?) {
        #expect(dataset.sign(of: path)?.label == label)
    }

    @Test
    func formsOfAClipAreTheSameClip() {
        let forms: [(Dataset, [String])] = [
            (.cremaD, ["AudioWAV/1001_DFA_ANG_XX.wav", "VideoFlash/1001_DFA_ANG_XX.flv", "1001_DFA_ANG_X.mp3"]),
            (.ravdess, ["03-01-05-01-02-01-12.wav", "01-01-05-01-02-01-12.mp4", "02-01-05-01-02-01-12.mp4"]),
            (.savee, ["AudioData/DC/a01.wav", "DC_a1.avi"]),
            (.enterface05, ["subject 3/anger/sentence 1/s_3_an_1.avi", "s3_an_1.wav"]),
        ]
        for (dataset, paths) in forms {
            #expect(Set(paths.compactMap { dataset.sign(of: $0)?.clip }).count == 1, "\(dataset)")
        }
        #expect(
            Dataset.cremaD.sign(of: "1001_DFA_ANG_LO.wav")?.clip != Dataset.cremaD.sign(of: "1001_DFA_ANG_HI.wav")?.clip
        )
    }

    /// Names that are nearly right never crash a parser, and what it says is one of the things it can say.
    @Test(arguments: Dataset.allCases)
    func damagedNamesNeverFail(dataset: Dataset) {
        let seeds = Self.rows.filter { $0.corpus == dataset }.map(\.path) + [dataset.example, "happy/1.png"]
        let pieces = [
            "_", "-", "/", ".", "..", "s", "S6", "99", "é", "\u{0}", "\u{301}", "subject ", "XX", "wav", " ", "🎬",
        ]
        var random = SplitMix64(seed: 11)
        for _ in 0..<3000 {
            var name = Array(seeds[random.index(below: seeds.count)].unicodeScalars)
            for _ in 0...random.index(below: 4) {
                let place = random.index(below: name.count + 1)
                switch random.index(below: 3) {
                case 0 where place < name.count: name.remove(at: place)
                case 1: name.insert(contentsOf: pieces[random.index(below: pieces.count)].unicodeScalars, at: place)
                default: name = Array(name.prefix(place)) + name.dropFirst(place + random.index(below: 3))
                }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: name)
            guard let sign = dataset.sign(of: String(text)) else { continue }
            #expect(!sign.label.isEmpty)
            #expect(dataset.isPictures || dataset == .folders || sign.speaker?.contains("-") == true)
        }
    }
}

/// What is taken from a collection's folder.
struct DatasetFolderTests {
    /// Makes files and looks what is found.
    private func scan(
        _ dataset: Dataset,
        _ names: [String],
        tables: [String: String] = [:],
        options: DatasetOptions = DatasetOptions()
    ) throws -> LabeledFiles {
        let root = FileManager.default.temporaryDirectory.appending(path: "dataset-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (name, text) in names.map({ ("data/" + $0, "") }) + tables.map({ ($0.key, $0.value) }) {
            let url = root.appending(path: name)
            let folder = url.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        var result = try dataset.files(in: root.appending(path: "data").path, options: options)
        // Paths without the random part.
        for index in result.files.indices { result.files[index].path.removeFirst(root.path.count + 6) }
        for index in result.skipped.indices { result.skipped[index].file.removeFirst(root.path.count + 6) }
        return result
    }

    @Test
    func foldersAreSearchedAndStrangersCounted() throws {
        let result = try scan(
            .ravdess,
            [
                "Actor_12/03-01-05-01-02-01-12.wav", "03-01-01-01-01-01-01.OPUS", "song/03-02-01-01-01-01-01.wav",
                "holiday.wav", "readme.txt", "__MACOSX/Actor_12/._03-01-05-01-02-01-12.wav", ".DS_Store",
            ]
        )
        #expect(result.files.map(\.speaker) == ["ravdess-01", "ravdess-12"])
        #expect(result.files.allSatisfy { $0.corpus == "ravdess" })
        #expect(result.strangers == 1)
        #expect(result.notes.contains { $0.contains("--dataset ravdess-song") })
    }

    @Test
    func songsAreACollectionOfTheirOwnOfTheSamePeople() throws {
        let names = ["Actor_12/03-01-05-01-02-01-12.wav", "Actor_12/03-02-05-01-02-01-12.wav"]
        let result = try scan(.ravdessSong, names)
        #expect(result.files.map(\.path) == [names[1]])
        #expect(result.files.map(\.speaker) == ["ravdess-12"])
        #expect(result.files.map(\.corpus) == ["ravdess-song"])
    }

    @Test
    func aClipThatIsThereTwiceIsTakenOnceAndSaidSo() throws {
        let names = ["Actor_01/03-01-05-01-02-01-01.wav", "copy/Actor_01/03-01-05-01-02-01-01.wav"]
        let result = try scan(.ravdess, names)
        #expect(result.files.map(\.path) == [names[0]])
        #expect(result.skipped == [SkippedFile(file: names[1], reason: "the same clip as \(names[0])")])
    }

    // MARK: Modalities

    static let crema = [
        "AudioMP3/1001_DFA_ANG_XX.mp3", "AudioMP3/1002_DFA_HAP_XX.mp3", "AudioWAV/1001_DFA_ANG_XX.wav",
        "VideoFlash/1001_DFA_ANG_XX.flv", "VideoFlash/1003_DFA_SAD_XX.flv",
    ]

    static let modalities: [(Modality, [String])] = [
        (.audio, [crema[1], crema[2], crema[4]]), (.video, [crema[3], crema[4]]), (.both, [crema[3], crema[4]]),
    ]

    @Test(arguments: DatasetFolderTests.modalities)
    func theFormThatFitsTheModalityIsTaken(modality: Modality, wanted: [String]) throws {
        let result = try scan(.cremaD, Self.crema, options: DatasetOptions(modality: modality))
        #expect(result.files.map(\.path) == wanted)
        #expect(result.skipped.isEmpty)
        #expect(result.notes.contains { $0.hasPrefix("\(Self.crema.count - wanted.count) files are other forms") })
    }

    @Test
    func silentFilmsOfRavdessAreForFacesAlone() throws {
        let names = ["02-01-05-01-02-01-01.mp4", "01-01-06-01-02-01-01.mp4", "02-01-06-01-02-01-01.mp4"]
        let faces = try scan(.ravdess, names, options: DatasetOptions(modality: .video))
        #expect(faces.files.map(\.path) == [names[1], names[0]])
        let fused = try scan(.ravdess, names, options: DatasetOptions(modality: .both))
        #expect(fused.files.map(\.path) == [names[1]])
    }

    @Test
    func soundsAloneCannotBeSeen() throws {
        let error = try #require(throws: EvaluationError.self) {
            try scan(.cremaD, ["AudioWAV/1001_DFA_ANG_XX.wav"], options: DatasetOptions(modality: .both))
        }
        #expect(error.code == .nothing && error.message.contains("--modality audio"))
    }

    // MARK: Faults

    @Test
    func knownFaultsAreLeftOutWithTheReason() throws {
        let result = try scan(.cremaD, ["AudioWAV/1076_MTI_SAD_XX.wav", "AudioWAV/1076_MTI_HAP_XX.wav"])
        #expect(result.files.map(\.path) == ["AudioWAV/1076_MTI_HAP_XX.wav"])
        #expect(result.skipped.map(\.reason) == ["known fault of CREMA-D: without sound"])
        let error = try #require(throws: EvaluationError.self) {
            try scan(.enterface05, ["subject 6/anger/s6_an.avi"])
        }
        #expect(error.message.contains("not cut into sentences"))
    }

    @Test
    func pointersOfGitAreNotTakenForRecordings() throws {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 84972\n"
        let one = ["data/AudioWAV/1001_DFA_ANG_XX.wav": pointer]
        let some = try scan(.cremaD, ["AudioWAV/1002_DFA_ANG_XX.wav"], tables: one)
        #expect(some.files.map(\.speaker) == ["crema-1002"])
        #expect(some.skipped.first?.reason.contains("git lfs pull") == true)
        let error = try #require(throws: EvaluationError.self) { try scan(.cremaD, [], tables: one) }
        #expect(error.code == .nothing && error.message.contains("git lfs pull"))
    }

    // MARK: Tables of CREMA-D

    static let summary = """
        "","FileName","VoiceVote","VoiceLevel","FaceVote","FaceLevel","MultiModalVote","MultiModalLevel"
        "1","1001_DFA_ANG_XX","N","51.9","A","62.2","A","58.4"
        "2","1002_DFA_HAP_XX","A:D","40:50","H","70","H","66"
        """

    static let votes: [(Labelling, [Emotion])] = [
        (.intended, [.angry, .happy, .sad]), (.crowd, [.angry, .happy]), (.crowdFace, [.angry, .happy]),
        (.crowdVoice, [.neutral]),
    ]

    @Test(arguments: DatasetFolderTests.votes)
    func labelsAreThoseThatWereAskedFor(labelling: Labelling, wanted: [Emotion]) throws {
        let names = ["1001_DFA_ANG_XX.wav", "1002_DFA_HAP_XX.wav", "1003_DFA_SAD_XX.wav"]
        for place in ["data/processedResults/summaryTable.csv", "processedResults/summaryTable.csv"] {
            let options = DatasetOptions(labelling: labelling)
            let result = try scan(.cremaD, names, tables: [place: Self.summary], options: options)
            #expect(result.files.map(\.emotion) == wanted, "\(place)")
            let reasons = result.skipped.map(\.reason)
            #expect(reasons.contains { $0.contains("no vote of the crowd") } == (labelling != .intended))
            #expect(reasons.contains { $0.contains("between angry and disgust") } == (labelling == .crowdVoice))
        }
    }

    @Test
    func votesAreCountedWhereTheSummaryIsMissing() throws {
        let responses = """
            "localid","pos","ans","ttr","queryType","numTries","clipNum","questNum","subType","clipName","sessionNums",\
            "respEmo","respLevel","dispEmo","dispVal","dispLevel"
            "x",1,"A_80",1,1,0,1,1,4,"1001_DFA_ANG_XX",1,"A",80,"A","X",50
            "x",2,"A_80",1,3,0,1,1,4,"1001_DFA_ANG_XX",1,"D",80,"A","X",50
            "y",1,"A_80",1,3,0,1,1,4,"1001_DFA_ANG_XX",1,"D",80,"A","X",50
            "z",1,"A_80",1,3,0,1,1,4,"1001_DFA_ANG_XX",1,"A",80,"A","X",50
            """
        let options = DatasetOptions(labelling: .crowd)
        let tables = ["data/finishedResponses.csv": responses]
        let result = try scan(.cremaD, ["AudioWAV/1001_DFA_ANG_XX.wav"], tables: tables, options: options)
        #expect(result.files.map(\.emotion) == [.disgust])
    }

    @Test
    func theCrowdIsNotInvented() throws {
        let options = DatasetOptions(labelling: .crowd)
        let names = ["AudioWAV/1001_DFA_ANG_XX.wav"]
        for tables in [[:], ["data/processedResults/summaryTable.csv": "name,vote\nx,A\n"]] {
            let error = try #require(throws: EvaluationError.self) {
                try scan(.cremaD, names, tables: tables, options: options)
            }
            #expect(error.code == .votes && error.message.contains("--labelling intended"))
        }
        let savee = try scan(.savee, ["DC/a01.wav"], options: options)
        #expect(savee.notes.contains { $0.contains("no votes of a crowd") })
    }

    @Test
    func sexesOfCremaComeFromItsTable() throws {
        let result = try scan(
            .cremaD,
            ["AudioWAV/1001_DFA_ANG_XX.wav", "AudioWAV/1002_DFA_HAP_XX.wav"],
            tables: ["VideoDemographics.csv": "ActorID,Age,Sex\n1001,51,Male\n"]
        )
        #expect(result.files.map(\.sex) == ["male", nil])
    }

    @Test
    func damagedTablesNeverFail() {
        let pieces = [
            ",", "\"", "\n", ":", "A", "S:H", "1001_DFA_ANG_XX", ".wav", "\u{0}", "é", "FileName", "queryType", ";",
        ]
        let heads = ["FileName,MultiModalVote\n", "clipName,queryType,respEmo\n", "ActorID,Sex\n", ""]
        var random = SplitMix64(seed: 5)
        for _ in 0..<4000 {
            let text =
                heads[random.index(below: heads.count)]
                + (0..<random.index(below: 25)).map { _ in pieces[random.index(below: pieces.count)] }.joined()
            var tables = CremaTables()
            tables.read(demographics: text)
            for labelling in Labelling.allCases {
                tables.read(summary: text, labelling: labelling)
                tables.read(responses: text, labelling: labelling)
            }
            for case .undecided(let emotions) in tables.votes.values { #expect(emotions.count > 1) }
        }
    }

    // MARK: Pictures

    @Test
    func onlyTheTestFolderOfFacesIsUsed() throws {
        let result = try scan(.fer2013, ["train/happy/1.png", "test/happy/2.png", "test/contempt/3.jpg"])
        #expect(result.files.map(\.path) == ["test/happy/2.png"])
        #expect(result.files.map(\.isTestPart) == [true])
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
