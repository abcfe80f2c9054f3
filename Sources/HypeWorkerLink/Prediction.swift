package import HypeCore

/// Asks for the emotion of files.
package struct PredictRequest: Hashable, Sendable, Codable {
    /// The files, each a picture or a recording with sound.
    package var paths: [String]
    /// Whether pictures are faces that were cut out already, so that none is looked for.
    package var isCropped: Bool
    /// Whether the answer of each window of sound is wanted too.
    package var wantsWindows: Bool

    /// Creates a request.
    package init(paths: [String], isCropped: Bool = false, wantsWindows: Bool = false) {
        self.paths = paths
        self.isCropped = isCropped
        self.wantsWindows = wantsWindows
    }
}

/// What became of one file of a ``PredictRequest``.
package struct FilePrediction: Hashable, Sendable, Codable {
    /// What was found.
    package enum Outcome: Hashable, Sendable, Codable {
        /// The file is a picture.
        case picture(PictureReading)
        /// The file has sound.
        case sound(SoundReading)
        /// The file cannot be read, in words for a person.
        case unreadable(String)
    }

    /// Position of the file in the request.
    package var index: Int
    /// What was found.
    package var outcome: Outcome
    /// Where the time went.
    package var time: Time

    /// Wall-clock time of the parts of a prediction.
    package struct Time: Hashable, Sendable, Codable {
        /// Opening and decoding.
        package var decode: Duration = .zero
        /// Finding faces and reading their expression.
        package var face: Duration = .zero
        /// Finding speech and reading its emotion.
        package var voice: Duration = .zero

        /// Creates a record of no time.
        package init() {}
    }

    /// Creates a report about one file.
    package init(index: Int, outcome: Outcome, time: Time = Time()) {
        self.index = index
        self.outcome = outcome
        self.time = time
    }
}

/// The faces in a picture.
package struct PictureReading: Hashable, Sendable, Codable {
    /// The faces, the one that matters most first.
    package var faces: [FaceReading]
    /// Why there is none, for a person; nil where there is one.
    package var missing: String?

    /// Creates a reading.
    package init(faces: [FaceReading], missing: String? = nil) {
        self.faces = faces
        self.missing = missing
    }
}

/// The expression of one face.
package struct FaceReading: Hashable, Sendable, Codable {
    /// Calibrated probabilities of the seven basic emotions.
    package var emotion: EmotionScores
    /// Where the face is, in pixels of the upright picture.
    package var region: PixelRegion
    /// How sure the detector is that it is a face, 0…1; nil where none was asked.
    package var confidence: Double?

    /// Creates a reading.
    package init(emotion: EmotionScores, region: PixelRegion, confidence: Double?) {
        self.emotion = emotion
        self.region = region
        self.confidence = confidence
    }
}

/// The voice in a recording.
package struct SoundReading: Hashable, Sendable, Codable {
    /// What the voice expresses over all of its speech; nil where nobody speaks.
    package var voice: VoiceReading?
    /// Why there is none, for a person; nil where there is one.
    package var missing: String?
    /// The windows of two seconds that the answer is the mean of, in order of time; empty where they were not asked for.
    package var windows: [WindowReading]
    /// What a person should know, such as that a picture was not looked at.
    package var notes: [String]

    /// Creates a reading.
    package init(voice: VoiceReading?, missing: String? = nil, windows: [WindowReading] = [], notes: [String] = []) {
        self.voice = voice
        self.missing = missing
        self.windows = windows
        self.notes = notes
    }
}

/// The emotion of a voice over a whole clip.
package struct VoiceReading: Hashable, Sendable, Codable {
    /// Calibrated probabilities of the eight emotions.
    package var emotion: EmotionScores
    /// Mean arousal, 0 (asleep) … 1 (screaming).
    package var arousal: Double
    /// How much of the clip is speech.
    package var speech: Duration

    /// Creates a reading.
    package init(emotion: EmotionScores, arousal: Double, speech: Duration) {
        self.emotion = emotion
        self.arousal = arousal
        self.speech = speech
    }
}

/// The emotion of one window of a voice.
package struct WindowReading: Hashable, Sendable, Codable {
    /// Where the window lies.
    package var interval: MediaInterval
    /// Calibrated probabilities of the eight emotions.
    package var emotion: EmotionScores

    /// Creates a reading.
    package init(interval: MediaInterval, emotion: EmotionScores) {
        self.interval = interval
        self.emotion = emotion
    }
}

/// Which net gave an answer, and from which confidence on it answers.
package struct ModelIdentity: Hashable, Sendable, Codable {
    /// Name, such as `face-expression`.
    package var name: String
    /// Version of the weights.
    package var version: String
    /// SHA-256 of the model file that was used, 64 hexadecimal digits.
    package var sha256: String
    /// Confidence below which it abstains, 0…1.
    package var threshold: Double
    /// What a person should know about the files of the model; nil where all is well.
    package var warning: String?

    /// Creates an identity.
    package init(name: String, version: String, sha256: String, threshold: Double, warning: String? = nil) {
        self.name = name
        self.version = version
        self.sha256 = sha256
        self.threshold = threshold
        self.warning = warning
    }
}
