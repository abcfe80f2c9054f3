import Foundation
import Testing

/// `hypeclip predict` and `hypeclip evaluate` as a person at a terminal uses them, on generated media.
@Suite(.timeLimit(.minutes(5)))
struct PredictTests {
    private static let emotions: Set<String> = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]

    private func run(_ arguments: [String], environment: [String: String] = [:]) throws -> CommandResult {
        try Command.run(Command.hypeclip, arguments, environment: environment)
    }

    /// Speech of two or three seconds.
    private func speech(_ scratch: Scratch, _ name: String = "speech.wav", pitch: Int = 50) throws -> String {
        let wave = scratch.path("voice-\(pitch).wav")
        try Command.tool("espeak-ng", ["-w", wave, "-p", "\(pitch)", "did you see that, this is the best day"])
        let path = scratch.path(name)
        try Command.tool("ffmpeg", ["-v", "error", "-nostdin", "-i", wave, "-y", path])
        return path
    }

    private func picture(_ scratch: Scratch, _ name: String = "noise.png") throws -> String {
        let path = scratch.path(name)
        let source = "nullsrc=s=48x48,geq=random(1)*255:128:128"
        try Command.tool(
            "ffmpeg",
            ["-v", "error", "-nostdin", "-f", "lavfi", "-i", source, "-frames:v", "1", "-pix_fmt", "rgb24", "-y", path]
        )
        return path
    }

    private func object(_ text: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(value as? [String: Any])
    }

    private func objects(_ text: String) throws -> [[String: Any]] {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(value as? [[String: Any]])
    }

    /// Checks what every answer promises.
    private func check(_ emotion: Any?, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let scores = try #require(emotion as? [String: Double], sourceLocation: sourceLocation)
        #expect(Set(scores.keys) == Self.emotions, sourceLocation: sourceLocation)
        #expect(abs(scores.values.reduce(0, +) - 1) < 1e-4, sourceLocation: sourceLocation)
        #expect(scores.values.allSatisfy { (0...1).contains($0) }, sourceLocation: sourceLocation)
    }

    @Test(arguments: ["speech.wav", "speech.mp3", "speech.ogg", "speech.m4a"])
    func readsAVoice(name: String) throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let result = try run(["predict", try speech(scratch, name), "--json"])
        #expect(result.status == 0, "\(result.errors)")
        let answer = try object(result.output)
        try check(answer["emotion"])
        let voice = try #require(answer["voice"] as? [String: Any])
        try check(voice["emotion"])
        #expect((voice["speech_seconds"] as? Double ?? 0) > 1)
        let arousal = try #require(voice["arousal"] as? Double)
        #expect((0...1).contains(arousal))
        let confidence = try #require(answer["confidence"] as? Double)
        let threshold = try #require(answer["threshold"] as? Double)
        #expect(answer["abstained"] as? Bool == (confidence < threshold))
        #expect(Self.emotions.contains(answer["dominant_emotion"] as? String ?? ""))
        let models = try #require(answer["models"] as? [[String: String]])
        #expect(models.first?["name"] == "voice-emotion" && !models.contains { $0["name"] == "face-expression" })
        #expect(models.first?["sha256"]?.count == 64)
        #expect((answer["clips"] as? [[String: Any]])?.isEmpty == false)
        #expect((answer["faces"] as? [Any])?.isEmpty == true)
    }

    @Test
    func readsACroppedFaceAndAbstainsByTheThreshold() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let path = try picture(scratch)
        for (threshold, abstains) in [("0", false), ("1", true)] {
            let result = try run(["predict", path, "--cropped", "--json", "--threshold", threshold])
            #expect(result.status == 0, "\(result.errors)")
            let answer = try object(result.output)
            try check(answer["emotion"])
            #expect(answer["abstained"] as? Bool == abstains)
            let face = try #require((answer["faces"] as? [[String: Any]])?.first)
            #expect(face["region"] as? [String: Int] == ["x": 0, "y": 0, "w": 48, "h": 48])
            let text = try run(["predict", path, "--cropped", "--threshold", threshold])
            #expect(text.output.contains("abstains") == abstains)
            #expect(text.output.contains("surprise"))
        }
    }

    @Test
    func noFaceAndNoVoiceAbstainWithTheReason() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let tone = scratch.path("tone.wav")
        try Command.tool("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "sine=d=3", "-y", tone])
        let result = try run(["predict", try picture(scratch), tone, "--json", "-q"])
        #expect(result.status == 0)
        let answers = try objects(result.output)
        #expect(answers.map { $0["reason"] as? String } == ["no face was found", "nobody speaks"])
        #expect(answers.allSatisfy { $0["abstained"] as? Bool == true && $0["emotion"] is NSNull })
    }

    @Test
    func filesThatCannotBeReadDoNotStopTheOthers() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let text = try scratch.write(String(repeating: "no picture\n", count: 100), to: "letter.png")
        let files = [text, try speech(scratch), scratch.path("missing.wav"), try picture(scratch)]
        let result = try run(["predict", "--json", "-q"] + files)
        #expect(result.status == 3)
        #expect(result.errors.contains("2 of 4") && result.errors.contains("missing.wav"))
        let answers = try objects(result.output)
        #expect(answers.map { $0["file"] as? String } == files)
        #expect(answers.map { $0["error"] == nil } == [false, true, false, true])
    }

    @Test
    func videoWithoutAFaceIsJudgedByItsVoice() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let video = scratch.path("talk.mp4")
        let silent = scratch.path("silent.mp4")
        let picture = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x90:d=3"]
        try Command.tool("ffmpeg", picture + ["-i", try speech(scratch), "-c:a", "aac", "-shortest", "-y", video])
        try Command.tool("ffmpeg", picture + ["-y", silent])
        let heard = try object(try run(["predict", video, "--json"]).output)
        #expect(heard["kind"] as? String == "video")
        try check(heard["emotion"])
        #expect(heard["missing"] as? [String: String] == ["face": "no face was found"])
        #expect(heard["shares"] as? [String: Double] == ["face": 0, "voice": 1])
        #expect(heard["fusion"] is NSNull)
        let mute = try run(["predict", silent, "--json"])
        #expect(mute.status == 0)
        let missing = try #require(try object(mute.output)["missing"] as? [String: String])
        #expect(missing == ["face": "no face was found", "voice": "there is no sound"])
        #expect(try run(["predict", silent]).output.contains("abstains: no face was found; there is no sound"))
    }

    @Test
    func foldersGoIntoTablesAndLines() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let folder = scratch.path("takes/inner")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try speech(scratch, "takes/a.wav")
        _ = try picture(scratch, "takes/inner/b.png")
        _ = try scratch.write("no video", to: "takes/inner/c.mp4")
        _ = try scratch.write("not asked for", to: "takes/readme.txt")
        let (csv, jsonl) = (scratch.path("all.csv"), scratch.path("all.jsonl"))
        let result = try run(["predict", scratch.path("takes"), "--csv", csv, "--jsonl", jsonl, "-q"])
        #expect(result.status == 3 && result.output.isEmpty)
        #expect(result.errors.contains("1 of 3") && result.errors.contains("c.mp4"))
        let rows = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\r\n")
        #expect(rows.count == 4)
        #expect(rows[0].hasPrefix("file,kind,dominant_emotion,confidence"))
        #expect(rows.contains { $0.contains("a.wav,sound,") } && rows.contains { $0.contains("inner/b.png,picture,") })
        let lines = try String(contentsOfFile: jsonl, encoding: .utf8).split(separator: "\n").map {
            try object(String($0))
        }
        #expect(
            Set(lines.compactMap { $0["file"] as? String }.map { URL(filePath: $0).lastPathComponent }) == [
                "a.wav", "b.png", "c.mp4",
            ]
        )
        #expect(lines.filter { $0["error"] != nil }.count == 1)
    }

    @Test
    func whatTheNetsSawIsWrittenDown() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let result = try run(["predict", try speech(scratch), "--json", "--explain", scratch.path("seen")])
        let pictures = try #require(try object(result.output)["explanation"] as? [[String: Any]])
        #expect(pictures.map { $0["kind"] as? String } == ["spectrogram"])
        let path = try #require(pictures.first?["picture"] as? String)
        #expect(path.hasSuffix("seen/speech-spectrogram.png"))
        #expect(try Data(contentsOf: URL(filePath: path)).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test
    func deadlineGivesAPartialAnswer() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let long = scratch.path("long.mp4")
        try Command.tool(
            "ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=1280x720:d=60", "-preset", "ultrafast", "-y", long]
        )
        let answer = try object(try run(["predict", long, "--json", "--deadline", "100", "-q"]).output)
        #expect(answer["partial"] as? Bool == true)
        #expect((answer["unfinished"] as? [String])?.isEmpty == false)
    }

    @Test
    func aWorkerThatIsKilledOnceCostsNoFile() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let marker = scratch.path("crashed")
        let script = try scratch.write(
            "#!/bin/sh\nif [ ! -e '\(marker)' ]; then : > '\(marker)'; '\(Command.worker)' & sleep 0.3; kill -9 $!; kill -9 $$; fi\n"
                + "exec '\(Command.worker)'\n",
            to: "worker"
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        let files = [String](repeating: try speech(scratch), count: 12)
        let result = try run(["predict", "-q", "--json"] + files, environment: ["HYPECLIP_WORKER": script])
        #expect(result.status == 0, "\(result.errors)")
        let answers = try objects(result.output)
        #expect(answers.count == 12 && answers.allSatisfy { $0["error"] == nil })
    }

    // MARK: evaluate

    @Test
    func measuresAManifest() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        _ = try speech(scratch, "a.wav", pitch: 20)
        _ = try speech(scratch, "b.ogg", pitch: 90)
        _ = try picture(scratch, "c.png")
        let tone = scratch.path("tone.wav")
        try Command.tool("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "sine=d=2", "-y", tone])
        let rows = "a.wav,calm,ann\nb.ogg,HAP,bob\ntone.wav,sad,ann\nlost.wav,fear,bob\na.wav,boredom,ann\n"
        let manifest = try scratch.write("path,emotion,speaker\n" + rows, to: "mine.csv")
        let plot = scratch.path("plot.svg")
        let result = try run(["evaluate", "--manifest", manifest, "--json", "-q", "--plot", plot])
        #expect(result.status == 0, "\(result.errors)")
        let answer = try object(result.output)
        #expect(answer["n"] as? Int == 3)
        #expect(answer["unanswered"] as? Int == 1)
        #expect((answer["labels"] as? [String])?.count == 8)
        #expect((answer["confusion"] as? [[Int]])?.joined().reduce(0, +) == 2)
        #expect((answer["unreadable"] as? [[String: String]])?.first?["file"]?.hasSuffix("lost.wav") == true)
        #expect(answer["leftOut"] as? [String: Int] == ["boredom": 1])
        #expect(try String(contentsOfFile: plot, encoding: .utf8).hasPrefix("<svg"))

        let mixed = try scratch.write("path,emotion\na.wav,sad\nc.png,happy\n", to: "mixed.csv")
        let both = try object(try run(["evaluate", "--manifest", mixed, "--cropped", "--json", "-q"]).output)
        #expect((both["picture"] as? [String: Any])?["n"] as? Int == 1)
        #expect((both["sound"] as? [String: Any])?["n"] as? Int == 1)
        #expect(both["n"] == nil)
        let text = try run(["evaluate", "--manifest", manifest])
        #expect(text.output.contains("UAR") && text.output.contains("true \\ answered"))
        #expect(text.errors.contains("files"))
    }

    @Test
    func wrongUsageAndNothingToReadAreSaid() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let manifest = try scratch.write("path,emotion\nlost.wav,sad\n", to: "mine.csv")
        for arguments in [
            ["evaluate"], ["evaluate", "--dataset", "ravdess"], ["evaluate", "--dataset", "nonsense", "/"],
            ["evaluate", "--manifest", manifest, "--labels", "happy"],
            ["evaluate", "--manifest", manifest, "--plot", "x.jpg"], ["predict"], ["predict", "x", "--threshold", "2"],
            ["predict", "x", "--deadline", "0"], ["predict", "x", "--fusion", "middle"],
            ["predict", "x", "--camera", "0"],
            ["predict", "--camera", "0", "--screen"], ["predict", "--for", "3", "x"],
        ] {
            #expect(try run(arguments).status == 2, "\(arguments)")
        }
        let lost = try run(["evaluate", "--manifest", manifest, "-q"])
        #expect(lost.status == 3 && lost.errors.contains("lost.wav"))
        let empty = try run(["evaluate", "--dataset", "ravdess", scratch.folder.path])
        #expect(empty.status == 3 && empty.errors.contains("03-01-05-01-02-01-12.wav"))
        #expect(try run(["predict", "--help"]).output.contains("hypeclip predict selfie.jpg"))
        #expect(try run(["evaluate", "--help"]).output.contains("--dataset ravdess"))
    }
}

/// The figures of the model cards, repeated by `evaluate` on the recordings that they were measured on.
@Suite(.timeLimit(.minutes(5)))
struct CardFigureTests {
    static let manifest: URL = {
        let named = ProcessInfo.processInfo.environment["HYPECLIP_SHARED"].map { URL(filePath: $0) }
        let shared = named ?? Command.repository.deletingLastPathComponent().appending(path: "shared")
        return shared.appending(path: "data/voice/MANIFEST.csv")
    }()
    static let isThere = FileManager.default.fileExists(atPath: manifest.path)

    /// The rows of some speakers, with absolute paths.
    private func subset(_ scratch: Scratch, speakers: Set<String>) throws -> String {
        let lines = try String(contentsOf: Self.manifest, encoding: .utf8).split(separator: "\n")
        let folder = Self.manifest.deletingLastPathComponent().path
        let rows = lines.dropFirst().filter { line in
            line.split(separator: ",", omittingEmptySubsequences: false).dropFirst(3).first.map {
                speakers.contains(String($0))
            }
                ?? false
        }
        return try scratch.write(
            ([String(lines[0])] + rows.map { "\(folder)/\($0)" }).joined(separator: "\n"),
            to: "subset.csv"
        )
    }

    /// The UAR of a corpus in the table of the voice's card, in percent.
    private func promised(_ row: String) throws -> Double {
        let card = try String(
            contentsOf: Command.repository.appending(path: "Models/voice-emotion.md"),
            encoding: .utf8
        )
        let line = try #require(card.split(separator: "\n").first { $0.hasPrefix("| \(row) |") }, "\(row)")
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return try #require(Double(cells[3].split(separator: " ")[0]))
    }

    @Test(.enabled(if: CardFigureTests.isThere, "needs ../shared/data/voice"))
    func ravdessActorsThatWereHeldOut() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let speakers = Set((21...24).map { "ravdess-\($0)" })
        let manifest = try subset(scratch, speakers: speakers)
        let result = try Command.run(Command.hypeclip, ["evaluate", "--manifest", manifest, "--json", "-q"])
        let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        let answer = try #require(value as? [String: Any])
        #expect(answer["n"] as? Int == 240)
        // Another decoder and another speech detector: a clip or two of 240 may fall otherwise.
        let uar = try #require(answer["uar"] as? Double)
        let promised = try self.promised("ravdess")
        #expect(abs(uar * 100 - promised) < 1.5)
    }
}
