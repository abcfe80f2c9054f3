import HypeCore
import HypeEvaluation
import Testing

struct ManifestTests {
    private func parse(_ text: String) throws -> LabeledFiles {
        try Manifest.parse(text, name: "mine.csv", folder: "/data")
    }

    @Test
    func readsColumnsInAnyOrderAndPassesOverOthers() throws {
        let result = try parse("speaker,mood,Emotion,path,sex,corpus\nann,3,happy,a.wav,female,home\n,,ANG,/b.wav,,\n")
        #expect(
            result.files == [
                LabeledFile(path: "/data/a.wav", emotion: .happy, speaker: "ann", corpus: "home", sex: "female"),
                LabeledFile(path: "/b.wav", emotion: .angry),
            ]
        )
    }

    @Test
    func readsQuotedFieldsByTheStandard() throws {
        let text = "\u{FEFF}path,emotion\r\n\"one, \"\"two\"\"\nthree.wav\",\" fearful \"\r\n\r\nplain \"x\".wav,calm"
        let result = try parse(text)
        #expect(result.files.map(\.path) == ["/data/one, \"two\"\nthree.wav", "/data/plain \"x\".wav"])
        #expect(result.files.map(\.emotion) == [.fear, .calm])
    }

    @Test(arguments: [";", "\t"])
    func readsOtherSeparators(separator: String) throws {
        let result = try parse("path\(separator)emotion\na.png\(separator)joy\n")
        #expect(result.files == [LabeledFile(path: "/data/a.png", emotion: .happy)])
    }

    static let synonyms: [(String, Emotion)] = [
        ("anger", .angry), ("Disgusted", .disgust), ("FEA", .fear), ("happiness", .happy), ("Sadness", .sad),
        ("surprised", .surprise), ("ps", .surprise), ("neu", .neutral), ("calm", .calm),
    ]

    @Test(arguments: ManifestTests.synonyms)
    func knowsSynonyms(label: String, emotion: Emotion) throws {
        #expect(try parse("path,emotion\na,\(label)\n").files.first?.emotion == emotion)
    }

    @Test
    func countsForeignLabels() throws {
        let result = try parse("path,emotion\na,happy\nb,boredom\nc,Boredom\nd,\n,sad\n")
        #expect(result.files.count == 1)
        #expect(result.foreignLabels == ["boredom": 2, "(none)": 1])
        #expect(result.strangers == 1)
    }

    @Test(arguments: [
        ("", "is empty"), ("file,mood\na,happy\n", "file, mood"), ("path,emotion\n", "names no file"),
        ("path,emotion\na,boredom\n", "names no file"),
    ])
    func saysWhatIsMissing(text: String, words: String) throws {
        let error = try #require(throws: EvaluationError.self) { try parse(text) }
        #expect(error.message.contains("mine.csv"))
        #expect(error.message.contains(words), "\(error.message)")
    }

    @Test
    func missingManifestIsNamed() throws {
        let error = try #require(throws: EvaluationError.self) { try Manifest.read("/nowhere/mine.csv") }
        #expect(error.code == .unreadable)
        #expect(error.message.contains("/nowhere/mine.csv"))
    }

    @Test
    func damagedTablesNeverFail() {
        let pieces = ["path", "emotion", ",", "\"", "\n", "\r", "happy", ";", "\u{0}", "é", "\"\"", "a.wav"]
        var random = SplitMix64(seed: 4)
        for _ in 0..<5000 {
            let text =
                "path,emotion\n"
                + (0..<random.index(below: 30)).map { _ in pieces[random.index(below: pieces.count)] }.joined()
            _ = try? parse(text)
        }
    }
}
