import Foundation
import HypeApp
import HypeCore
import HypeWorkerLink
import Testing

/// Every field of the document that `predict --json` and `POST /predict` give.
struct EmotionResultTests {
    private static let models = [
        ModelIdentity(name: "face-expression", version: "1", sha256: "aa", threshold: 0.45, warning: "face is odd"),
        ModelIdentity(name: "voice-emotion", version: "2", sha256: "bb", threshold: 0.38),
    ]

    private func scores(_ emotion: Emotion, _ part: Float) -> EmotionScores {
        var scores = EmotionScores([emotion: part])
        scores[.neutral] += 1 - part
        return scores
    }

    private func face(_ track: Int, _ time: Double, _ emotion: Emotion = .happy) -> FaceReading {
        FaceReading(
            track: track,
            time: MediaTime(seconds: time),
            emotion: scores(emotion, 0.75),
            region: PixelRegion(x: 1, y: 2, width: 30, height: 40),
            confidence: 0.5
        )
    }

    /// A video of three seconds with a face and a voice.
    private func video() -> EmotionReading {
        var reading = EmotionReading(kind: .video, duration: .seconds(3))
        let joined = JoinedReading(scores: scores(.happy, 0.875), threshold: 0.5, faceShare: 0.25)
        let voice = VoiceReading(emotion: EmotionScores([.calm: 0.75, .sad: 0.25]), arousal: 0.5, speech: .seconds(2))
        reading.emotion = joined
        reading.faces = [face(1, 0.5), face(1, 2.5), face(2, 0.25, .fear)]
        reading.tracks = [
            TrackReading(
                track: 1,
                interval: MediaInterval(seconds: 0..<3),
                pictures: 12,
                emotion: scores(.happy, 0.75),
                readings: [face(1, 0.5)]
            ),
            TrackReading(track: 2, interval: MediaInterval(seconds: 0..<1), pictures: 4, emotion: scores(.fear, 0.75)),
        ]
        reading.voice = voice
        reading.clips = [
            ClipReading(interval: MediaInterval(seconds: 0..<2), emotion: joined, face: face(1, 0.5), voice: voice),
            ClipReading(interval: MediaInterval(seconds: 2..<3), emotion: nil, face: nil, voice: nil),
        ]
        reading.models = ["face-expression", "voice-emotion"]
        reading.notes = ["the picture has damaged packets"]
        reading.evidence = [
            EvidencePicture(kind: .face, track: 1, time: MediaTime(seconds: 0.5), png: Data([1, 2, 3])),
            EvidencePicture(kind: .spectrogram, track: nil, time: .zero, png: Data([4])),
        ]
        return reading
    }

    private func result(
        _ reading: EmotionReading,
        threshold: Double? = nil,
        fusion: PredictWish.Fusion = .late
    ) -> EmotionResult {
        var time = FilePrediction.Time(decode: .milliseconds(4), fusion: .milliseconds(1), total: .milliseconds(30))
        time.face = .milliseconds(20)
        time.voice = .milliseconds(10)
        let prediction = FilePrediction(index: 0, outcome: .read(reading), time: time)
        return EmotionResult(prediction, file: "a.mp4", models: Self.models, threshold: threshold, fusion: fusion)
    }

    private func object(_ result: EmotionResult) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: EmotionResult.json([result]))
        return try #require(value as? [String: Any])
    }

    private func keys(_ value: Any?) -> Set<String> { Set((value as? [String: Any])?.keys.map { $0 } ?? []) }

    @Test
    func documentHasEveryFieldAndNoOther() throws {
        let answer = try object(result(video()))
        #expect(
            keys(answer) == [
                "file", "kind", "duration", "dominant_emotion", "emotion", "confidence", "threshold", "abstained",
                "fusion",
                "shares", "faces", "tracks", "voice", "clips", "missing", "partial", "models", "timing_ms", "notes",
                "explanation",
            ]
        )
        #expect(answer["file"] as? String == "a.mp4")
        #expect(answer["kind"] as? String == "video")
        #expect(answer["duration"] as? Double == 3)
        #expect(answer["dominant_emotion"] as? String == "happy")
        #expect(answer["confidence"] as? Double == 0.875)
        #expect(answer["threshold"] as? Double == 0.5)
        #expect(answer["abstained"] as? Bool == false)
        #expect(answer["fusion"] as? String == "late")
        #expect(answer["shares"] as? [String: Double] == ["face": 0.25, "voice": 0.75])
        #expect(answer["partial"] as? Bool == false)
        #expect((answer["missing"] as? [String: String])?.isEmpty == true)
        let emotion = try #require(answer["emotion"] as? [String: Double])
        #expect(
            emotion == ["angry": 0, "disgust": 0, "fear": 0, "happy": 0.875, "sad": 0, "surprise": 0, "neutral": 0.125]
        )
        let timing = try #require(answer["timing_ms"] as? [String: Double])
        #expect(
            timing.mapValues { $0.rounded() } == ["decode": 4, "face": 20, "voice": 10, "fusion": 1, "total": 30]
        )
        #expect(
            answer["models"] as? [[String: String]] == [
                ["name": "face-expression", "version": "1", "sha256": "aa"],
                ["name": "voice-emotion", "version": "2", "sha256": "bb"],
            ]
        )
        #expect(answer["notes"] as? [String] == ["the picture has damaged packets", "face is odd"])
    }

    @Test
    func facesTracksVoiceAndClipsHaveTheirFields() throws {
        let answer = try object(result(video()))
        let faces = try #require(answer["faces"] as? [[String: Any]])
        #expect(faces.count == 3)
        let faceKeys: Set = ["emotion", "dominant_emotion", "region", "face_confidence", "track", "time"]
        #expect(faces.allSatisfy { keys($0) == faceKeys })
        #expect(faces[0]["region"] as? [String: Int] == ["x": 1, "y": 2, "w": 30, "h": 40])
        #expect(faces[0]["face_confidence"] as? Double == 0.5)
        #expect(faces[1]["track"] as? Int == 1 && faces[1]["time"] as? Double == 2.5)
        #expect(faces[2]["dominant_emotion"] as? String == "fear")
        let tracks = try #require(answer["tracks"] as? [[String: Any]])
        let trackKeys: Set = ["track", "start", "end", "pictures", "emotion", "dominant_emotion"]
        #expect(tracks.map { keys($0) } == [trackKeys.union(["readings"]), trackKeys])
        #expect(tracks[0]["pictures"] as? Int == 12 && tracks[0]["end"] as? Double == 3)
        let voice = try #require(answer["voice"] as? [String: Any])
        #expect(keys(voice) == ["emotion", "dominant_emotion", "arousal", "speech_seconds"])
        // Calm counts as neutral.
        #expect((voice["emotion"] as? [String: Double])?["neutral"] == 0.75)
        #expect(voice["dominant_emotion"] as? String == "neutral")
        #expect(voice["speech_seconds"] as? Double == 2 && voice["arousal"] as? Double == 0.5)
        let clips = try #require(answer["clips"] as? [[String: Any]])
        let clipKeys: Set = [
            "start", "end", "emotion", "dominant_emotion", "confidence", "abstained", "shares", "face", "voice",
        ]
        #expect(clips.allSatisfy { keys($0) == clipKeys })
        #expect(clips[0]["end"] as? Double == 2 && clips[0]["abstained"] as? Bool == false)
        #expect(clips[1]["emotion"] is NSNull && clips[1]["face"] is NSNull && clips[1]["abstained"] as? Bool == true)
    }

    @Test
    func whatAVideoModelSaysHasItsFields() throws {
        var reading = video()
        #expect(try object(result(reading))["video"] == nil)
        reading.video = VideoReading(
            model: "videomae-emotion",
            clips: [
                VideoReading.Clip(
                    interval: MediaInterval(seconds: 0..<2),
                    answers: [VideoReading.Answer(label: "happy", probability: 0.75)],
                    emotion: scores(.happy, 0.75),
                    isSure: false
                ),
                VideoReading.Clip(interval: MediaInterval(seconds: 2..<3), answers: [], emotion: nil, isSure: true),
            ]
        )
        let told = try #require(try object(result(reading))["video"] as? [String: Any])
        #expect(told["model"] as? String == "videomae-emotion")
        let clips = try #require(told["clips"] as? [[String: Any]])
        #expect(
            clips.map { keys($0) } == [
                ["start", "end", "top", "emotion", "abstained"], ["start", "end", "top", "abstained"],
            ]
        )
        let top = try #require((clips[0]["top"] as? [[String: Any]])?.first)
        #expect(top["label"] as? String == "happy" && top["probability"] as? Double == 0.75)
        #expect(clips[0]["abstained"] as? Bool == true && clips[1]["start"] as? Double == 2)
    }

    @Test
    func attentionHasItsFields() throws {
        var reading = video()
        #expect(try object(result(reading))["attention"] == nil)
        let alert = AttentionAlert(
            kind: .distraction,
            phase: .begun,
            time: MediaTime(seconds: 2.5),
            since: MediaTime(seconds: 0.5),
            measure: .gazeAngle,
            value: 30,
            threshold: 25
        )
        var course = AttentionCourse()
        course.pictures = 48
        course.seen = 47
        course.alerts = [alert]
        course.samples = [
            AttentionSummary(time: .zero, verdict: .unknown, reason: "the picture is dark"),
            AttentionSummary(
                time: MediaTime(seconds: 1),
                verdict: .alert,
                active: [.distraction],
                openness: 0.5,
                perclos: 0.25,
                knownShare: 0.75,
                blinkRate: 12,
                blinkSeconds: 0.25,
                yawns: 1,
                pose: HeadPose(yaw: 1, pitch: 2, roll: 3),
                gaze: Gaze(yaw: 4, pitch: 5),
                gazeAngle: 30
            ),
        ]
        course.summary = course.samples.last
        reading.attention = course
        let told = try #require(try object(result(reading))["attention"] as? [String: Any])
        #expect(keys(told) == ["pictures", "seen", "summary", "alerts", "samples"])
        #expect(told["pictures"] as? Int == 48 && told["seen"] as? Int == 47)
        let samples = try #require(told["samples"] as? [[String: Any]])
        let always: Set = ["time", "verdict", "active", "knownShare", "yawns"]
        #expect(keys(samples[0]) == always.union(["reason"]))
        let measured: Set = ["openness", "perclos", "blinkRate", "blinkSeconds", "pose", "gaze", "gazeAngle"]
        #expect(keys(samples[1]) == always.union(measured))
        #expect(samples[1]["pose"] as? [String: Double] == ["yaw": 1, "pitch": 2, "roll": 3])
        #expect(samples[1]["gaze"] as? [String: Double] == ["yaw": 4, "pitch": 5])
        let first = try #require((told["alerts"] as? [[String: Any]])?.first)
        #expect(keys(first) == ["kind", "phase", "time", "since", "measure", "value", "threshold"])
        #expect(first["kind"] as? String == "distraction" && first["time"] as? Double == 2.5)
    }

    @Test
    func evidenceIsADataURIOrAPath() throws {
        var result = result(video())
        let told = try #require(try object(result)["explanation"] as? [[String: Any]])
        #expect(told.map { keys($0) } == [["kind", "track", "time", "picture"], ["kind", "time", "picture"]])
        #expect(told[0]["picture"] as? String == "data:image/png;base64,AQID")
        let folder = FileManager.default.temporaryDirectory.appending(path: "evidence-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        result = try EvidenceFolder(folder.path).write(result, number: 3)
        let paths = result.explanation.compactMap(\.path)
        #expect(paths.map { URL(filePath: $0).lastPathComponent } == ["3-a-face-1.png", "3-a-spectrogram.png"])
        #expect(try Data(contentsOf: URL(filePath: paths[0])) == Data([1, 2, 3]))
    }

    @Test
    func thresholdOfTheAskerDecidesEverywhere() throws {
        let answer = try object(result(video(), threshold: 0.9))
        #expect(answer["abstained"] as? Bool == true && answer["threshold"] as? Double == 0.9)
        #expect((answer["clips"] as? [[String: Any]])?[0]["abstained"] as? Bool == true)
    }

    @Test
    func oneBranchAloneIsNoFusion() throws {
        var reading = video()
        reading.voice = nil
        reading.missingVoice = "nobody speaks"
        let answer = try object(result(reading))
        #expect(answer["fusion"] is NSNull)
        #expect(answer["missing"] as? [String: String] == ["voice": "nobody speaks"])
        #expect(answer["reason"] == nil)
    }

    @Test
    func reasonsNameWhatMattersForTheKind() throws {
        for (kind, reason) in [
            (EmotionReading.Kind.picture, "no face was found"), (.sound, "nobody speaks"),
            (.video, "no face was found; nobody speaks"),
        ] {
            var reading = EmotionReading(kind: kind, duration: .zero)
            reading.missingFace = "no face was found"
            reading.missingVoice = "nobody speaks"
            let answer = try object(result(reading))
            #expect(answer["reason"] as? String == reason)
            #expect(answer["emotion"] is NSNull && answer["dominant_emotion"] is NSNull)
            #expect(answer["confidence"] as? Double == 0 && answer["abstained"] as? Bool == true)
        }
    }

    @Test
    func deadlineMakesThePartialAnswerSayWhatIsMissing() throws {
        var reading = video()
        reading.unfinished = ["The deadline came when the faces had been judged up to 1.0 s."]
        let answer = try object(result(reading))
        #expect(answer["partial"] as? Bool == true)
        #expect(answer["unfinished"] as? [String] == reading.unfinished)
    }

    @Test
    func unreadableFilesHaveAnErrorAndNothingElse() throws {
        let prediction = FilePrediction(index: 0, outcome: .unreadable("it is a letter"))
        let answer = try object(EmotionResult(prediction, file: "a.txt", models: [], threshold: nil))
        #expect(answer as? [String: String] == ["file": "a.txt", "error": "it is a letter"])
    }

    @Test
    func tableHasARowForEachFile() throws {
        let header = EmotionTable.header.dropLast(1).split(separator: ",").map(String.init)
        func cells(_ result: EmotionResult) -> [String: String] {
            let row = EmotionTable.row(result).dropLast(1)
            let parts = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(uniqueKeysWithValues: zip(header, parts))
        }
        let read = cells(result(video()))
        #expect(read["dominant_emotion"] == "happy" && read["confidence"] == "0.8750" && read["faces"] == "2")
        #expect(read["face_emotion"] == "happy" && read["voice_emotion"] == "neutral" && read["abstained"] == "false")
        var lost = EmotionResult(file: "say \"hi\", twice\n.wav")
        lost.error = "gone"
        let row = EmotionTable.row(lost)
        #expect(row.hasPrefix("\"say \"\"hi\"\", twice\n.wav\",") && row.hasSuffix(",gone\r\n"))
    }

    @Test
    func linesOfJSONAreLines() throws {
        let line = try result(video()).jsonLine()
        #expect(line.filter { $0 == 10 }.count == 1 && line.last == 10)
        #expect(try JSONSerialization.jsonObject(with: line) is [String: Any])
    }

    @Test
    func textTellsClipsFacesAndVoice() {
        let text = EmotionText([result(video())]).text
        for words in [
            "happy (0.88), by face and voice", "voice: neutral 0.75", "face 2: fear 0.75", "0.0–2.0 s", "nobody",
        ] {
            #expect(text.contains(words), "\(words) in \(text)")
        }
    }
}
