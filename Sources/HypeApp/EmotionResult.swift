package import Foundation
package import HypeCore
import HypeWorkerLink

/// The emotion of one file, as `predict --json` prints it.
///
/// Emotions are the seven basic ones: the voice's `calm` counts as `neutral`. Scores are probabilities in 0…1 that sum
/// to 1. Below the threshold of the model, or without a face or a voice, the result abstains.
package struct EmotionResult: Sendable {
    /// The file, as it was named.
    package var file: String
    /// Probabilities of the seven emotions; nil where nothing could be judged.
    package var emotion: EmotionScores?
    /// Confidence below which the result abstains, 0…1; nil where nothing could be judged.
    package var threshold: Double?
    /// The faces of a picture, the one that ``emotion`` is about first.
    package var faces: [Face] = []
    /// The voice of a recording.
    package var voice: Voice?
    /// The windows that the answer about a voice is the mean of.
    package var clips: [Clip] = []
    /// The models that were asked.
    package var models: [Model] = []
    /// Where the time went, in milliseconds.
    package var timing = Timing()
    /// Why there is no emotion, for a person.
    package var reason: String?
    /// What a person should know.
    package var notes: [String] = []
    /// Why the file could not be read; nil where it could.
    package var error: String?

    /// The likeliest emotion, whether or not it is likely enough.
    package var dominant: Emotion? { emotion?.dominant }
    /// Probability of ``dominant``, 0…1.
    package var confidence: Double { emotion.map { Double($0[$0.dominant]) } ?? 0 }
    /// Whether the confidence is too low to count as an answer.
    package var isAbstained: Bool { emotion == nil || confidence < threshold ?? 0 }

    /// One face.
    package struct Face: Sendable, Encodable {
        /// Probabilities of the seven emotions.
        package var emotion: EmotionScores
        /// Where it is in the picture.
        package var region: PixelRegion
        /// How sure the detector is that it is a face, 0…1; 1 where the picture was said to be a face.
        package var faceConfidence: Double

        private enum CodingKeys: String, CodingKey {
            case emotion, region
            case dominant = "dominant_emotion"
            case faceConfidence = "face_confidence"
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(emotion, forKey: .emotion)
            try container.encode(emotion.dominant, forKey: .dominant)
            try container.encode(region, forKey: .region)
            try container.encode(faceConfidence, forKey: .faceConfidence)
        }
    }

    /// The voice.
    package struct Voice: Sendable, Encodable {
        /// Probabilities of the seven emotions.
        package var emotion: EmotionScores
        /// Mean arousal, 0 (asleep) … 1 (screaming).
        package var arousal: Double
        /// Seconds of speech.
        package var speechSeconds: Double

        private enum CodingKeys: String, CodingKey {
            case emotion, arousal
            case dominant = "dominant_emotion"
            case speechSeconds = "speech_seconds"
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(emotion, forKey: .emotion)
            try container.encode(emotion.dominant, forKey: .dominant)
            try container.encode(arousal, forKey: .arousal)
            try container.encode(speechSeconds, forKey: .speechSeconds)
        }
    }

    /// One window of the sound, in seconds of the file.
    package struct Clip: Sendable, Encodable {
        /// Where the window begins.
        package var start: Double
        /// Where the window ends.
        package var end: Double
        /// Probabilities of the seven emotions.
        package var emotion: EmotionScores
    }

    /// A model that was asked.
    package struct Model: Sendable, Encodable {
        /// Name, such as `face-expression`.
        package var name: String
        /// Version of the weights.
        package var version: String
        /// SHA-256 of the model file, 64 hexadecimal digits.
        package var sha256: String
    }

    /// Wall-clock milliseconds.
    package struct Timing: Sendable, Encodable {
        /// Opening and decoding the file.
        package var decode = 0.0
        /// Finding faces and reading them.
        package var face = 0.0
        /// Finding speech and reading it.
        package var voice = 0.0
        /// Joining the two.
        package var fusion = 0.0
    }
}

extension EmotionResult: Encodable {
    private enum CodingKeys: String, CodingKey {
        case file, emotion, confidence, threshold, faces, voice, clips, models, reason, notes, error
        case dominant = "dominant_emotion"
        case isAbstained = "abstained"
        case timing = "timing_ms"
    }

    /// Writes the names that users of face analysis libraries know; nothing but `file` and `error` of unreadable files.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        if let error {
            try container.encode(error, forKey: .error)
            return
        }
        try container.encode(dominant, forKey: .dominant)
        try container.encode(emotion, forKey: .emotion)
        try container.encode(confidence, forKey: .confidence)
        try container.encode(isAbstained, forKey: .isAbstained)
        try container.encode(threshold, forKey: .threshold)
        try container.encode(faces, forKey: .faces)
        try container.encode(voice, forKey: .voice)
        try container.encode(clips, forKey: .clips)
        try container.encode(models, forKey: .models)
        try container.encode(timing, forKey: .timing)
        try container.encodeIfPresent(reason, forKey: .reason)
        if !notes.isEmpty { try container.encode(notes, forKey: .notes) }
    }

    /// Results as they are printed: one object for one file, an array for several.
    ///
    /// - Parameter results: At least one.
    /// - Returns: JSON in UTF-8.
    /// - Throws: What the encoder throws.
    package static func json(_ results: [EmotionResult]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        if results.count == 1, let only = results.first { return try encoder.encode(only) }
        return try encoder.encode(results)
    }
}

extension EmotionResult {
    /// Reads what the worker said about a file.
    ///
    /// - Parameters:
    ///   - prediction: What it said.
    ///   - file: The file, as it was named.
    ///   - models: The models that were asked about any file.
    ///   - threshold: Confidence below which to abstain instead of the models' own, or nil.
    init(_ prediction: FilePrediction, file: String, models: [ModelIdentity], threshold: Double?) {
        self.init(file: file)
        let name: String
        switch prediction.outcome {
        case .unreadable(let reason):
            error = reason
            return
        case .picture(let picture):
            name = "face-expression"
            emotion = picture.faces.first?.emotion.basic
            faces = picture.faces.map {
                Face(emotion: $0.emotion.basic, region: $0.region, faceConfidence: $0.confidence ?? 1)
            }
            reason = picture.missing
        case .sound(let sound):
            name = "voice-emotion"
            emotion = sound.voice?.emotion.basic
            voice = sound.voice.map {
                Voice(emotion: $0.emotion.basic, arousal: $0.arousal, speechSeconds: $0.speech.inSeconds)
            }
            clips = sound.windows.map {
                Clip(start: $0.interval.start.seconds, end: $0.interval.end.seconds, emotion: $0.emotion.basic)
            }
            reason = sound.missing
            notes = sound.notes
        }
        let asked = models.filter { $0.name == name }
        self.models = asked.map { Model(name: $0.name, version: $0.version, sha256: $0.sha256) }
        notes += asked.compactMap(\.warning)
        if emotion != nil { self.threshold = threshold ?? asked.first?.threshold }
        timing.decode = prediction.time.decode.inSeconds * 1000
        timing.face = prediction.time.face.inSeconds * 1000
        timing.voice = prediction.time.voice.inSeconds * 1000
    }
}
