import Foundation
import HypeCore
import HypeWorkerLink
import Testing

/// What the worker answers to `predict`, over the wire.
@Suite(.timeLimit(.minutes(5)))
struct PredictWorkerTests {
    private func predict(
        _ subjects: [PredictSubject],
        wish: PredictWish = PredictWish(),
        with worker: WorkerUnderTest
    ) throws -> [FilePrediction] {
        let number = try worker.send(.predict(PredictRequest(subjects: subjects, wish: wish)))
        _ = try worker.result(of: number)
        return worker.events(of: number).compactMap { event in
            if case .prediction(let prediction) = event { prediction } else { nil }
        }
    }

    private func reading(
        _ subject: PredictSubject,
        wish: PredictWish = PredictWish(),
        with worker: WorkerUnderTest
    ) throws -> EmotionReading {
        let prediction = try #require(try predict([subject], wish: wish, with: worker).first)
        guard case .read(let reading) = prediction.outcome else {
            Issue.record("\(prediction.outcome)")
            throw WorkerFailure(code: .unreadableInput, message: "\(prediction.outcome)")
        }
        #expect(prediction.time.total > .zero)
        return reading
    }

    // MARK: Without a face

    @Test
    func videoWithoutFaceAndVoiceSaysWhyForEachBranch() throws {
        let media = try LiveMedia()
        let worker = try WorkerUnderTest()
        defer {
            worker.kill()
            media.remove()
        }
        let reading = try reading(PredictSubject(file: media.recording), with: worker)
        #expect(reading.kind == .video)
        #expect(abs(reading.duration.inSeconds - 8) < 0.2)
        #expect(reading.emotion == nil && reading.faces.isEmpty && reading.tracks.isEmpty && reading.voice == nil)
        #expect(reading.missingFace == "no face was found")
        #expect(reading.missingVoice == "nobody speaks")
        #expect(reading.clips.count == 4)
        #expect(reading.clips.allSatisfy { $0.emotion == nil && $0.face == nil && $0.voice == nil })
        #expect(reading.models.starts(with: ["face-expression", "voice-emotion"]))
        #expect(reading.unfinished.isEmpty)
    }

    @Test
    func cancellingALongFileTakesAMoment() throws {
        let media = try PredictMedia()
        defer { media.remove() }
        let long = try media.make(
            "long.mp4",
            [
                "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=60", "-c:v", "libx264", "-preset",
                "ultrafast",
            ]
        )
        let worker = try WorkerUnderTest()
        defer { worker.kill() }
        let number = try worker.send(.predict(PredictRequest(subjects: [PredictSubject(file: long)])))
        try worker.await { events in
            events.contains { event in
                guard event.request == number, case .progress(let progress) = event.event else { return false }
                return progress.subject == 0 && progress.end.map { $0.seconds > 59 } ?? false
            }
        }
        let start = ContinuousClock.now
        try worker.cancel(number)
        let failure = #expect(throws: WorkerFailure.self) { try worker.result(of: number) }
        #expect(failure?.code == .cancelled)
        // A tenth of a second on an idle machine; tests share theirs.
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test
    func deadlineAnswersWithWhatIsThere() throws {
        let media = try PredictMedia()
        defer { media.remove() }
        let long = try media.make(
            "long.mp4",
            [
                "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=120", "-f", "lavfi", "-i", "sine=d=120",
                "-c:v", "libx264", "-preset", "ultrafast",
            ]
        )
        let worker = try WorkerUnderTest()
        defer { worker.kill() }
        // Loads the nets, which no deadline can hurry.
        _ = try reading(PredictSubject(file: media.tone()), with: worker)
        var wish = PredictWish()
        wish.deadline = .milliseconds(300)
        let start = ContinuousClock.now
        let reading = try reading(PredictSubject(file: long), wish: wish, with: worker)
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(!reading.unfinished.isEmpty)
        #expect(reading.unfinished.allSatisfy { $0.hasPrefix("The deadline came") })
    }

    @Test
    func filesThatCannotBeReadCostNothingToTheOthers() throws {
        let media = try PredictMedia()
        let worker = try WorkerUnderTest()
        defer {
            worker.kill()
            media.remove()
        }
        let letter = media.folder + "/letter.mp4"
        try Data(String(repeating: "no video\n", count: 200).utf8).write(to: URL(filePath: letter))
        let tone = try media.tone()
        let subjects = [letter, tone, media.folder + "/lost.wav", tone].map { PredictSubject(file: $0) }
        let predictions = try predict(subjects, with: worker)
        #expect(predictions.map(\.index) == [0, 1, 2, 3])
        let isRead = predictions.map { if case .read = $0.outcome { true } else { false } }
        #expect(isRead == [false, true, false, true])
    }

    // MARK: With a face

    @Test(.enabled(if: LiveMedia.portrait != nil, "needs Scripts/bootstrap"))
    func faceAndVoiceAreJoinedClipByClip() throws {
        let media = try PredictMedia()
        let worker = try WorkerUnderTest()
        defer {
            worker.kill()
            media.remove()
        }
        let film = try media.film()
        var wish = PredictWish()
        wish.explain = true
        let reading = try reading(PredictSubject(file: film), wish: wish, with: worker)
        #expect(reading.tracks.count == 1)
        let track = try #require(reading.tracks.first)
        #expect(track.interval.start < MediaTime(seconds: 0.3) && track.interval.end > MediaTime(seconds: 4.7))
        #expect(track.readings.isEmpty)
        // One face in each clip, on the astronaut's place in the picture.
        #expect(reading.faces.map(\.track) == reading.clips.map { _ in 1 })
        for (face, clip) in zip(reading.faces, reading.clips) {
            #expect(clip.interval.contains(face.time))
            #expect(clip.face == face)
            #expect(face.confidence ?? 0 > 0.7)
            let center = (face.region.x + face.region.width / 2, face.region.y + face.region.height / 2)
            #expect(abs(center.0 - 165) < 40 && abs(center.1 - 95) < 40, "\(center)")
        }
        #expect(reading.voice != nil)
        #expect(reading.clips.count == 3)
        #expect(reading.clips.contains { $0.voice != nil })
        let emotion = try #require(reading.emotion)
        #expect(abs(Emotion.basic.reduce(0) { $0 + emotion.scores[$1] } - 1) < 1e-4)
        #expect((0...1).contains(emotion.threshold) && (0...1).contains(emotion.faceShare))
        #expect(reading.evidence.map(\.kind) == [.face, .spectrogram])
        #expect(reading.evidence.allSatisfy { $0.png.starts(with: [0x89, 0x50, 0x4E, 0x47]) })
    }

    @Test(.enabled(if: LiveMedia.portrait != nil, "needs Scripts/bootstrap"))
    func bothFusionsJudgeTheSameBranches() throws {
        let media = try PredictMedia()
        let worker = try WorkerUnderTest()
        defer {
            worker.kill()
            media.remove()
        }
        let film = PredictSubject(file: try media.film())
        var wish = PredictWish()
        let late = try reading(film, wish: wish, with: worker)
        wish.fusion = .early
        let early = try reading(film, wish: wish, with: worker)
        #expect(early.faces == late.faces && early.voice == late.voice)
        #expect(early.emotion != late.emotion)
        for emotion in [late.emotion, early.emotion] + early.clips.map(\.emotion) {
            guard let emotion else { continue }
            #expect(abs(Emotion.basic.reduce(0) { $0 + emotion.scores[$1] } - 1) < 1e-4)
            #expect((0...1).contains(emotion.faceShare))
        }
        #expect(early.models.contains("fusion"))
    }

    @Test(.enabled(if: LiveMedia.portrait != nil, "needs Scripts/bootstrap"))
    func turnedFilmsAndEveryReading() throws {
        let media = try PredictMedia()
        let worker = try WorkerUnderTest()
        defer {
            worker.kill()
            media.remove()
        }
        // Stored lying on its side, with the word that it is to be turned.
        let lying = try media.make("lying.mp4", ["-i", media.film(), "-vf", "transpose=2", "-c:a", "copy"])
        let turned = try media.make("turned.mp4", ["-i", lying, "-c", "copy", "-metadata:s:v", "rotate=90"])
        var wish = PredictWish()
        wish.wantsTracks = true
        wish.wantsVoice = false
        let reading = try reading(PredictSubject(file: turned), wish: wish, with: worker)
        let track = try #require(reading.tracks.first)
        #expect(track.pictures == track.readings.count)
        #expect(abs(track.pictures - 80) <= 4, "\(track.pictures)")
        #expect(zip(track.readings, track.readings.dropFirst()).allSatisfy { $0.time < $1.time })
        #expect(reading.voice == nil && reading.missingVoice == nil)
        #expect(reading.models.contains("face-expression") && !reading.models.contains("voice-emotion"))
        let place = try #require(reading.faces.first?.region)
        #expect(abs(place.x + place.width / 2 - 165) < 40)
    }

    @Test(.enabled(if: LiveMedia.portrait != nil, "needs Scripts/bootstrap"))
    func separateFilesBeginTogether() throws {
        let media = try PredictMedia()
        let worker = try WorkerUnderTest()
        defer {
            worker.kill()
            media.remove()
        }
        let film = try media.film()
        let whole = try reading(PredictSubject(file: film), with: worker)
        // The picture's clock begins at 100 s, the sound's at 0.
        let picture = try media.make("picture.mkv", ["-i", film, "-an", "-c", "copy", "-output_ts_offset", "100"])
        let sound = try media.make("sound.mka", ["-i", film, "-vn", "-c", "copy"])
        let parts = try reading(PredictSubject(audio: sound, video: picture), with: worker)
        #expect(parts.kind == .video)
        #expect(parts.clips.count == whole.clips.count)
        #expect(parts.tracks.first?.pictures == whole.tracks.first?.pictures)
        for (part, clip) in zip(parts.clips, whole.clips) {
            #expect((part.voice == nil) == (clip.voice == nil))
            #expect(part.emotion?.scores.dominant == clip.emotion?.scores.dominant)
        }
        let portrait = try #require(LiveMedia.portrait)
        let still = try reading(PredictSubject(audio: sound, image: portrait), with: worker)
        #expect(still.kind == .picture)
        #expect(still.voice != nil && still.faces.count == 1 && still.clips.count == whole.clips.count)
    }

    @Test(.enabled(if: LiveMedia.portrait != nil, "needs Scripts/bootstrap"))
    func picturesAnimationsAndPartsOfFaces() throws {
        let media = try PredictMedia()
        let worker = try WorkerUnderTest()
        defer {
            worker.kill()
            media.remove()
        }
        let portrait = try #require(LiveMedia.portrait)
        let picture = try reading(PredictSubject(file: portrait), with: worker)
        #expect(
            picture.kind == .picture && picture.duration == .zero && picture.clips.isEmpty && picture.tracks.isEmpty
        )
        #expect(picture.faces.map(\.track) == [1] && picture.faces.first?.time == .zero)
        let gif = try media.make("nod.gif", ["-i", media.film(), "-t", "3", "-vf", "fps=10"])
        let animation = try reading(PredictSubject(file: gif), with: worker)
        #expect(animation.kind == .video && animation.tracks.count == 1)
        #expect(animation.missingVoice == "there is no sound")
        // Only one half of the face is in the picture.
        let half = try media.make("half.mp4", ["-i", media.film(), "-an", "-vf", "crop=200:360:175:0"])
        let part = try reading(PredictSubject(file: half), with: worker)
        #expect(part.missingFace != nil || part.faces.allSatisfy { $0.region.x >= 0 })
    }
}
