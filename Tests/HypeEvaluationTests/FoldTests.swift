import HypeCore
import HypeEvaluation
import Testing

/// Files of some speakers, each with as many clips of each emotion.
private func people(_ count: Int, clips: Int = 2, emotions: [Emotion] = [.happy, .sad]) -> [LabeledFile] {
    (0..<count).flatMap { person in
        emotions.flatMap { emotion in
            (0..<clips).map { clip in
                LabeledFile(
                    path: "/data/\(person)-\(emotion)-\(clip).wav",
                    emotion: emotion,
                    speaker: "p\(person)",
                    corpus: "mine",
                    sex: person.isMultiple(of: 2) ? "female" : "male"
                )
            }
        }
    }
}

struct SpeakerFoldsTests {
    @Test
    func noSpeakerIsInTwoFoldsAndAllFilesAreInOne() throws {
        let files = people(11)
        let dealt = try SpeakerFolds.deal(files, into: 4)
        #expect(dealt.map(\.path) == files.map(\.path))
        let folds = Dictionary(grouping: dealt, by: \.speaker).mapValues { Set($0.compactMap(\.fold)) }
        #expect(folds.values.allSatisfy { $0.count == 1 })
        #expect(Set(dealt.compactMap(\.fold)) == [1, 2, 3, 4])
        try FoldTable.check(dealt, name: "own")
    }

    @Test
    func foldsDoNotDependOnTheOrderOfFiles() throws {
        let files = people(9)
        let dealt = try SpeakerFolds.deal(files, into: 3)
        let backwards = try SpeakerFolds.deal(files.reversed(), into: 3)
        #expect(dealt == backwards.reversed())
    }

    @Test
    func foldsAreEvenInFilesSexesAndEmotions() throws {
        // Half of the people say only happy things, half only sad ones; women and men in both halves.
        let files = (0..<24).flatMap { person in
            (0..<5).map { clip in
                LabeledFile(
                    path: "\(person)-\(clip)",
                    emotion: person < 12 ? .happy : .sad,
                    speaker: "p\(person)",
                    sex: person.isMultiple(of: 2) ? "female" : "male"
                )
            }
        }
        for (_, fold) in Dictionary(grouping: try SpeakerFolds.deal(files, into: 4), by: \.fold) {
            #expect(fold.count == 30)
            #expect(fold.count { $0.emotion == .happy } == 15)
            #expect(fold.count { $0.sex == "female" } == 15)
        }
    }

    @Test
    func oneWhoSpeaksMostOfAllLeavesNoFoldEmpty() throws {
        let files = people(1, clips: 500) + people(5).filter { $0.speaker != "p0" }
        let dealt = try SpeakerFolds.deal(files, into: 5)
        #expect(Set(dealt.compactMap(\.fold)).count == 5)
    }

    static let bad: [([LabeledFile], Int, String)] = [
        (people(3), 4, "3 speakers"), (people(1), 2, "1 speaker"), (people(3), 1, "two folds"),
        (people(3), 0, "two folds"),
        (people(2) + [LabeledFile(path: "x", emotion: .sad)], 2, "1 of 9 files"), ([], 2, "0 speakers"),
    ]

    @Test(arguments: SpeakerFoldsTests.bad)
    func tooFewSpeakersAreSaid(files: [LabeledFile], count: Int, words: String) throws {
        let error = try #require(throws: EvaluationError.self) { try SpeakerFolds.deal(files, into: count) }
        #expect(error.code == .folds && error.message.contains(words), "\(error.message)")
    }
}

struct FoldTableTests {
    @Test
    func whatIsWrittenIsReadAgain() throws {
        var dealt = try SpeakerFolds.deal(people(7), into: 3)
        dealt[0].path = "/data/a, \"b\".wav"
        let text = FoldTable.text(dealt)
        let table = try FoldTable(text, name: "folds.csv")
        #expect(try table.assign(people(7)).map(\.fold) == dealt.map(\.fold))
        let manifest = try Manifest.parse(text, name: "folds.csv", folder: "/")
        #expect(manifest.files == dealt)
    }

    static let leaks: [(String, String)] = [
        ("speaker,fold\nann,1\nbob,2\nann,2\n", "ann"),
        ("speaker,fold\nActor_01,1\nactor_1 ,2\n", "actor_1"),
        ("speaker,corpus,fold\nann,a,1\nann,,2\n", "ann"),
        ("path,speaker,fold\nx.wav,ann,1\nx.wav,bob,2\n", "x.wav"),
        ("speaker,corpus,fold\nravdess-05,ravdess,1\nravdess-05,ravdess-song,2\n", "ravdess-5"),
    ]

    @Test(arguments: FoldTableTests.leaks)
    func leaksAreRefusedByName(text: String, name: String) throws {
        let error = try #require(throws: EvaluationError.self) { try FoldTable(text, name: "folds.csv") }
        #expect(error.code == .leak)
        #expect(error.message.contains(name), "\(error.message)")
    }

    @Test
    func theSameNameInAnotherCollectionIsAnotherPerson() throws {
        let table = try FoldTable("speaker,corpus,fold\nann,a,1\nann,b,2\n", name: "folds.csv")
        let files = ["a", "b"].map { LabeledFile(path: "x", emotion: .sad, speaker: "ann", corpus: $0) }
        #expect(try table.assign(files).map(\.fold) == [1, 2])
    }

    @Test(arguments: [
        "speaker\nann\n", "fold\n1\n", "", "speaker,fold\nann,first\n", "speaker,fold\n,1\n", "speaker,fold\nann,0\n",
    ])
    func unusableTablesAreNamed(text: String) throws {
        let error = try #require(throws: EvaluationError.self) { try FoldTable(text, name: "folds.csv") }
        #expect(error.code == .columns && error.message.contains("folds.csv"))
    }

    @Test
    func unknownSpeakersAndMissingTablesAreNamed() throws {
        let table = try FoldTable("speaker,fold\np0,1\n", name: "folds.csv")
        let error = try #require(throws: EvaluationError.self) { try table.assign(people(2)) }
        #expect(error.code == .folds && error.message.contains("p1"))
        let missing = try #require(throws: EvaluationError.self) { try FoldTable.read("/nowhere/folds.csv") }
        #expect(missing.code == .unreadable)
    }

    @Test
    func aManifestWhoseFoldsLeakIsRefused() throws {
        let text = "path,emotion,speaker,fold\na.wav,sad,ann,1\nb.wav,happy,ann,2\n"
        let error = try #require(throws: EvaluationError.self) { try Manifest.parse(text, name: "m.csv", folder: "/") }
        #expect(error.code == .leak && error.message.contains("ann"))
    }

    @Test
    func damagedTablesNeverFail() {
        let pieces = [
            "speaker", "fold", ",", "\"", "\n", "1", "2", "0", "-1", "ann", "ravdess-05", "é", "999999999999999999999",
        ]
        var random = SplitMix64(seed: 8)
        for _ in 0..<4000 {
            let text =
                "speaker,fold,path\n"
                + (0..<random.index(below: 30)).map { _ in pieces[random.index(below: pieces.count)] }.joined()
            _ = try? FoldTable(text, name: "x")
        }
    }
}

struct SpeakerLeakTests {
    private func files(_ speakers: [String?], corpus: String? = nil) -> [LabeledFile] {
        speakers.map { LabeledFile(path: "x", emotion: .sad, speaker: $0, corpus: corpus) }
    }

    @Test
    func peopleInBothAreNamed() throws {
        let leak = try SpeakerLeak.find(tested: files(["bob", "ann", "bob", "eve"]), taught: files(["Bob ", "ann"]))
        #expect(leak?.speakers == ["ann", "bob"] && leak?.files == 3)
        #expect(try SpeakerLeak.find(tested: files(["eve"]), taught: files(["bob"])) == nil)
    }

    @Test
    func namesakesOfOtherCollectionsAreNoLeak() throws {
        #expect(try SpeakerLeak.find(tested: files(["1"], corpus: "a"), taught: files(["1"], corpus: "b")) == nil)
        #expect(try SpeakerLeak.find(tested: files(["1"], corpus: "a"), taught: files(["1"])) != nil)
        let sung = files(["ravdess-01"], corpus: "ravdess-song")
        #expect(try SpeakerLeak.find(tested: sung, taught: files(["ravdess-1"], corpus: "ravdess")) != nil)
    }

    @Test
    func withoutSpeakersNothingIsVouchedFor() throws {
        for (tested, taught) in [([nil], ["ann"]), (["ann"], [nil])] as [([String?], [String?])] {
            let error = try #require(throws: EvaluationError.self) {
                try SpeakerLeak.find(tested: files(tested), taught: files(taught))
            }
            #expect(error.code == .leak && error.message.contains("speaker column"))
        }
    }
}
