import HypeCore
package import HypeWorkerLink

extension EmotionResult {
    /// Reads what the worker said about a subject.
    ///
    /// - Parameters:
    ///   - prediction: What it said.
    ///   - file: The file, as it was named.
    ///   - models: The models that were asked about any file.
    ///   - threshold: Confidence below which to abstain instead of the models' own, or nil.
    ///   - fusion: How face and voice were to be joined.
    package init(
        _ prediction: FilePrediction,
        file: String,
        models: [ModelIdentity],
        threshold: Double?,
        fusion: PredictWish.Fusion = .late
    ) {
        self.init(file: file)
        guard case .read(let reading) = prediction.outcome else {
            if case .unreadable(let reason) = prediction.outcome { error = reason }
            return
        }
        kind = reading.kind.rawValue
        duration = reading.duration.inSeconds
        answer = reading.emotion.map { Answer($0, threshold: threshold) }
        faces = reading.faces.map(Face.init)
        tracks = reading.tracks.map(Track.init)
        voice = reading.voice.map(Voice.init)
        clips = reading.clips.map { Clip($0, threshold: threshold) }
        video = reading.video.map(Video.init)
        attention = reading.attention.map(Attention.init)
        self.fusion = reading.voice != nil && reading.faceScores != nil ? fusion.rawValue : nil
        missing["face"] = reading.missingFace
        missing["voice"] = reading.missingVoice
        unfinished = reading.unfinished
        let asked = models.filter { reading.models.contains($0.name) }
        self.models = asked.map { Model(name: $0.name, version: $0.version, sha256: $0.sha256) }
        notes = reading.notes + asked.compactMap(\.warning)
        explanation = reading.evidence.map {
            Evidence(kind: $0.kind.rawValue, track: $0.track, time: $0.time.seconds, png: $0.png)
        }
        timing = Timing(prediction.time)
    }
}

extension EmotionResult.Answer {
    fileprivate init(_ reading: JoinedReading, threshold: Double?) {
        self.init(
            emotion: reading.scores.basic,
            threshold: threshold ?? reading.threshold,
            faceShare: reading.faceShare
        )
    }
}

extension EmotionResult.Face {
    fileprivate init(_ reading: FaceReading) {
        self.init(
            emotion: reading.emotion.basic,
            region: reading.region,
            faceConfidence: reading.confidence ?? 1,
            track: reading.track,
            time: reading.time.seconds
        )
    }
}

extension EmotionResult.Track {
    fileprivate init(_ reading: TrackReading) {
        self.init(
            track: reading.track,
            start: reading.interval.start.seconds,
            end: reading.interval.end.seconds,
            pictures: reading.pictures,
            emotion: reading.emotion.basic,
            readings: reading.readings.isEmpty ? nil : reading.readings.map(EmotionResult.Face.init)
        )
    }
}

extension EmotionResult.Voice {
    fileprivate init(_ reading: VoiceReading) {
        self.init(
            emotion: reading.emotion.basic,
            arousal: reading.arousal,
            speechSeconds: reading.speech.inSeconds
        )
    }
}

extension EmotionResult.Clip {
    fileprivate init(_ reading: ClipReading, threshold: Double?) {
        self.init(
            start: reading.interval.start.seconds,
            end: reading.interval.end.seconds,
            answer: reading.emotion.map { EmotionResult.Answer($0, threshold: threshold) },
            face: reading.face.map(EmotionResult.Face.init),
            voice: reading.voice.map(EmotionResult.Voice.init)
        )
    }
}

extension EmotionResult.Video {
    fileprivate init(_ reading: VideoReading) {
        self.init(
            model: reading.model,
            clips: reading.clips.map { clip in
                Clip(
                    start: clip.interval.start.seconds,
                    end: clip.interval.end.seconds,
                    top: clip.answers.map { Answer(label: $0.label, probability: $0.probability) },
                    emotion: clip.emotion?.basic,
                    isAbstained: !clip.isSure
                )
            }
        )
    }
}

extension EmotionResult.Attention {
    fileprivate init(_ course: AttentionCourse) {
        self.init(
            pictures: course.pictures,
            seen: course.seen,
            summary: course.summary,
            alerts: course.alerts,
            samples: course.samples
        )
    }
}

extension EmotionResult.Timing {
    fileprivate init(_ time: FilePrediction.Time) {
        self.init(
            decode: time.decode.inSeconds * 1000,
            face: time.face.inSeconds * 1000,
            voice: time.voice.inSeconds * 1000,
            fusion: time.fusion.inSeconds * 1000,
            total: time.total.inSeconds * 1000
        )
    }
}
