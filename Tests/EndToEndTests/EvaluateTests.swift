import Foundation
import Testing

/// `hypeclip evaluate` on a generated miniature that is laid out like CREMA-D.
@Suite(.timeLimit(.minutes(5)))
struct EvaluateTests {
    /// Actors of CREMA-D whom the shipped net never heard, with the pitches that stand in for their voices.
    private static let strangers = [(1001, 20), (1062, 35), (1063, 50), (1064, 65), (1065, 80), (1067, 95)]
    /// One whom it did.
    private static let known = 1002
    private static let emotions = ["ANG", "HAP", "SAD"]

    private func run(_ arguments: [String]) throws -> CommandResult {
        try Command.run(Command.hypeclip, arguments)
    }

    private func object(_ text: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(value as? [String: Any])
    }

    private func say(_ words: String, pitch: Int, to path: String) throws {
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Command.tool("espeak-ng", ["-w", path, "-p", "\(pitch)", words])
    }

    /// Makes the miniature: sounds and tables as published, a few films, and what goes wrong in real copies.
    private func miniature(_ scratch: Scratch) throws -> String {
        let root = scratch.path("CREMA-D")
        var summary =
            "\"\",\"FileName\",\"VoiceVote\",\"VoiceLevel\",\"FaceVote\",\"FaceLevel\",\"MultiModalVote\",\"MultiModalLevel\"\n"
        var demographics = "\"ActorID\",\"Age\",\"Sex\",\"Race\",\"Ethnicity\"\n"
        for (actor, pitch) in Self.strangers + [(Self.known, 40)] {
            demographics += "\(actor),30,\"\(pitch < 50 ? "Male" : "Female")\",\"Caucasian\",\"Not Hispanic\"\n"
            for emotion in Self.emotions {
                let clip = "\(actor)_DFA_\(emotion)_XX"
                try say(
                    "do not forget a jacket, number \(actor) is \(emotion)",
                    pitch: pitch,
                    to: "\(root)/AudioWAV/\(clip).wav"
                )
                // The crowd hears happy clips as sad, and cannot agree about angry ones of the first actor.
                let vote =
                    emotion == "HAP" ? "S" : actor == 1001 && emotion == "ANG" ? "A:N" : String(emotion.prefix(1))
                summary += "\"1\",\"\(clip)\",\"\(vote)\",\"50\",\"H\",\"50\",\"\(emotion.prefix(1))\",\"50\"\n"
            }
        }
        let film = "\(root)/VideoFlash/1001_DFA_ANG_XX.flv"
        for folder in ["VideoFlash", "AudioMP3", "processedResults"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        let sound = "\(root)/AudioWAV/1001_DFA_ANG_XX.wav"
        try Command.tool(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=30:d=2", "-i", sound, "-ar", "44100",
                "-shortest", "-y", film,
            ]
        )
        try Command.tool("ffmpeg", ["-v", "error", "-i", sound, "-y", "\(root)/AudioMP3/1001_DFA_ANG_XX.mp3"])
        try say("silence", pitch: 50, to: "\(root)/AudioWAV/1076_MTI_SAD_XX.wav")
        for (name, text) in [
            ("processedResults/summaryTable.csv", summary), ("VideoDemographics.csv", demographics),
            ("SentenceFilenames.csv", "Stimulus_Number,Filename\n1,1001_DFA_ANG_XX\n"),
            ("AudioWAV/1063_IEO_SAD_LO.wav", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
            ("AudioWAV/._1001_DFA_ANG_XX.wav", "junk"), ("AudioWAV/holiday.wav", "junk"),
        ] {
            try Data(text.utf8).write(to: URL(filePath: "\(root)/\(name)"))
        }
        return root
    }

    @Test
    func aFolderLaidOutLikeCremaDIsMeasured() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let root = try miniature(scratch)
        let report = scratch.path("report.md")
        let result = try run(["evaluate", "--dataset", "crema-d", root, "--json", "-q", "--markdown", report])
        #expect(result.status == 0, "\(result.errors)")
        let answer = try object(result.output)
        #expect(answer["n"] as? Int == 18 && answer["speakers"] as? Int == 6 && answer["taught"] as? Int == 0)
        let interval = try #require(answer["interval"] as? [String: Any])
        #expect(interval["by"] as? String == "speaker" && interval["groups"] as? Int == 6)
        let classes = try #require(answer["perClass"] as? [String: [String: Any]])
        #expect(["angry", "happy", "sad"].allSatisfy { classes[$0]?["n"] as? Int == 6 })
        #expect((answer["bySex"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["female", "male"])
        let skipped = try #require(answer["skipped"] as? [[String: String]])
        #expect(
            skipped.contains {
                $0["file"]?.hasSuffix("1076_MTI_SAD_XX.wav") == true && $0["reason"]?.contains("without sound") == true
            }
        )
        #expect(skipped.contains { $0["reason"]?.contains("git lfs pull") == true })
        let taught = try #require(answer["leftOutTaught"] as? [String: Any])
        #expect(taught["speakers"] as? [String] == ["crema-\(Self.known)"] && taught["files"] as? Int == 3)
        #expect((answer["commandLine"] as? String)?.hasPrefix("hypeclip evaluate --dataset crema-d") == true)

        let text = try String(contentsOfFile: report, encoding: .utf8)
        for words in ["# Evaluation of crema-d", "UAR", "1076", "(report.svg)", "voice-emotion", "hypeclip evaluate"] {
            #expect(text.contains(words), "\(words)")
        }
        let sha = try #require((answer["models"] as? [[String: String]])?.first?["sha256"])
        #expect(text.contains(sha))
        #expect(try String(contentsOfFile: scratch.path("report.svg"), encoding: .utf8).hasPrefix("<svg"))
    }

    @Test
    func labelsModalitiesAndFoldsChooseTheFiles() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let root = try miniature(scratch)
        func listing(_ arguments: String...) throws -> [String: Any] {
            let result = try run(["evaluate", "--dataset", "crema-d", root, "--dry-run", "--json"] + arguments)
            #expect(result.status == 0, "\(result.errors)")
            return try #require((try object(result.output)["sets"] as? [[String: Any]])?.first)
        }
        #expect(try listing()["emotions"] as? [String: Int] == ["angry": 6, "happy": 6, "sad": 6])
        let heard = try listing("--labelling", "crowd-voice")
        #expect(heard["emotions"] as? [String: Int] == ["angry": 5, "sad": 12])
        #expect(try listing("--labelling", "crowd-face")["emotions"] as? [String: Int] == ["happy": 18])
        for modality in ["video", "both"] {
            // The description of the fusion names its data in words, so everybody in it counts as known.
            #expect(try listing("--modality", modality, "--allow-trained")["n"] as? Int == 1)
        }

        let folds = scratch.path("folds.csv")
        let dealt = try #require(try listing("--folds", "3", "--fold-file", folds)["folds"] as? [[String: Any]])
        #expect(dealt.compactMap { $0["n"] as? Int } == [6, 6, 6])
        let again = try run([
            "evaluate", "--dataset", "crema-d", root, "--dry-run", "--folds", "3", "--fold-file", folds,
        ])
        #expect(again.status == 1 && again.errors.contains("is there already"))
        let result = try run(["evaluate", "--dataset", "crema-d", root, "--json", "-q", "--fold-file", folds])
        let answer = try object(result.output)
        #expect((answer["byFold"] as? [[String: Any]])?.count == 3)
        #expect((answer["folds"] as? [String: Any])?["count"] as? Int == 3)

        // Somebody in two folds.
        let leaky = try String(contentsOfFile: folds, encoding: .utf8)
        let path = try scratch.write(
            leaky + "x.wav,sad,crema-1001,crema-d,male,1\ny.wav,sad,crema-1001,crema-d,male,2\n",
            to: "leak.csv"
        )
        let refused = try run(["evaluate", "--dataset", "crema-d", root, "--fold-file", path])
        #expect(refused.status == 1 && refused.errors.contains("crema-1001"), "\(refused.errors)")
    }

    @Test
    func whoTaughtANetIsNotTestedUnlessMarked() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let training = try scratch.write("path,emotion,speaker\nx.wav,sad,crema-1062\n", to: "train.csv")
        for actor in [1001, 1062] {
            try say(
                "nothing to see here, move along please",
                pitch: 50,
                to: scratch.path("data/\(actor)_DFA_SAD_XX.wav")
            )
        }
        let own = ["evaluate", "--dataset", "crema-d", scratch.path("data"), "--trained-on", training]
        let refused = try run(own)
        #expect(refused.status == 1 && refused.errors.contains("crema-1062") && !refused.errors.contains("crema-1001"))
        let marked = try object(try run(own + ["--allow-trained", "--json", "-q"]).output)
        #expect(marked["n"] as? Int == 2 && marked["taught"] as? Int == 1)

        // The younger actress of TESS taught the shipped net, the older one did not.
        for actress in ["YAF", "OAF"] {
            try say(
                "say the word back again",
                pitch: 80,
                to: scratch.path("TESS/\(actress)_sad/\(actress)_back_sad.wav")
            )
        }
        let young = try run(["evaluate", "--dataset", "tess", scratch.path("TESS/YAF_sad")])
        #expect(young.status == 1 && young.errors.contains("--allow-trained"), "\(young.errors)")
        let both = try run(["evaluate", "--dataset", "tess", scratch.path("TESS"), "--allow-trained"])
        #expect(both.output.contains("!! 1 of these 2 files"))
        let old = try object(try run(["evaluate", "--dataset", "tess", scratch.path("TESS"), "--json", "-q"]).output)
        #expect(old["n"] as? Int == 1)
    }

    @Test
    func severalSetsAreMeasuredApartAndCompared() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        try say("the first one is here to be heard", pitch: 40, to: scratch.path("SAVEE/DC/a01.wav"))
        try say("the second one is here to be heard", pitch: 40, to: scratch.path("SAVEE/JE/sa01.wav"))
        try say("das will sie am Mittwoch abgeben", pitch: 60, to: scratch.path("EmoDB/wav/15a01Fa.wav"))
        let manifest = try scratch.write("path,emotion\nSAVEE/DC/a01.wav,angry\n", to: "mine.csv")
        let report = scratch.path("all.md")
        let arguments = [
            "evaluate", "--dataset", "savee", scratch.path("SAVEE"), "--dataset", "emodb", scratch.path("EmoDB"),
            "--manifest", manifest, "-q", "--markdown", report, "--plot", scratch.path("all.svg"),
        ]
        let result = try run(arguments + ["--json"])
        #expect(result.status == 0, "\(result.errors)")
        let answer = try object(result.output)
        let sets = try #require(answer["sets"] as? [[String: Any]])
        #expect(sets.map { $0["source"] as? String } == ["savee", "emodb", "mine.csv"])
        #expect(sets.map { $0["n"] as? Int } == [2, 1, 1])
        #expect((answer["table"] as? [[String: Any]])?.count == 3)
        #expect(answer["uar"] == nil)
        let text = try String(contentsOfFile: report, encoding: .utf8)
        #expect(text.contains("| set | what |"))
        for picture in ["all-savee.svg", "all-emodb.svg", "all-mine-csv.svg"] {
            #expect(text.contains("(\(picture))"))
            #expect(FileManager.default.fileExists(atPath: scratch.path(picture)))
        }
        #expect(try run(arguments).output.contains("speakers               UAR %"))
    }

    @Test
    func wrongUsageIsSaid() throws {
        for arguments in [
            ["--folds", "1"], ["--modality", "smell"], ["--labelling", "guessed"], ["--markdown", "x.txt"],
            ["--dry-run", "--plot", "x.svg"], ["--dataset", "savee", "/tmp", "emodb"],
        ] {
            let result = try run(["evaluate", "--manifest", "x.csv"] + arguments)
            #expect(result.status == 2, "\(arguments): \(result.errors)")
        }
        let crowd = try Scratch()
        defer { crowd.remove() }
        try Data().write(to: URL(filePath: crowd.path("1001_DFA_SAD_XX.wav")))
        let result = try run(["evaluate", "--dataset", "crema-d", crowd.folder.path, "--labelling", "crowd"])
        #expect(result.status == 3 && result.errors.contains("summaryTable.csv"))
    }
}
