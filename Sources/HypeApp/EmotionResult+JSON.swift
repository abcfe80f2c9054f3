package import Foundation
import HypeCore

extension EmotionResult: Encodable {
    private enum CodingKeys: String, CodingKey {
        case file, kind, duration, emotion, confidence, threshold, shares, faces, tracks, voice, fusion, clips, video,
            attention, models
        case missing, partial, unfinished, notes, explanation, reason, error
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
        try container.encode(kind, forKey: .kind)
        try container.encode(duration, forKey: .duration)
        try container.encode(dominant, forKey: .dominant)
        try container.encode(emotion, forKey: .emotion)
        try container.encode(confidence, forKey: .confidence)
        try container.encode(threshold, forKey: .threshold)
        try container.encode(isAbstained, forKey: .isAbstained)
        try container.encode(fusion, forKey: .fusion)
        try container.encode(answer?.shares, forKey: .shares)
        try container.encode(faces, forKey: .faces)
        try container.encode(tracks, forKey: .tracks)
        try container.encode(voice, forKey: .voice)
        try container.encode(clips, forKey: .clips)
        try container.encode(missing, forKey: .missing)
        try container.encode(!unfinished.isEmpty, forKey: .partial)
        try container.encodeIfPresent(video, forKey: .video)
        try container.encodeIfPresent(attention, forKey: .attention)
        try container.encode(models, forKey: .models)
        try container.encode(timing, forKey: .timing)
        try container.encodeIfPresent(reason, forKey: .reason)
        if !unfinished.isEmpty { try container.encode(unfinished, forKey: .unfinished) }
        if !notes.isEmpty { try container.encode(notes, forKey: .notes) }
        if !explanation.isEmpty { try container.encode(explanation, forKey: .explanation) }
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

    /// The result as one line, for a file of lines.
    ///
    /// - Returns: JSON in UTF-8 with a newline at its end.
    /// - Throws: What the encoder throws.
    package func jsonLine() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}

extension EmotionResult.Face: Encodable {
    private enum CodingKeys: String, CodingKey {
        case emotion, region, track, time
        case dominant = "dominant_emotion"
        case faceConfidence = "face_confidence"
    }

    /// Writes the face with its likeliest emotion.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(emotion, forKey: .emotion)
        try container.encode(emotion.dominant, forKey: .dominant)
        try container.encode(region, forKey: .region)
        try container.encode(faceConfidence, forKey: .faceConfidence)
        try container.encode(track, forKey: .track)
        try container.encode(time, forKey: .time)
    }
}

extension EmotionResult.Track: Encodable {
    private enum CodingKeys: String, CodingKey {
        case track, start, end, pictures, emotion, readings
        case dominant = "dominant_emotion"
    }

    /// Writes the face with its likeliest emotion; readings only where they were asked for.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(track, forKey: .track)
        try container.encode(start, forKey: .start)
        try container.encode(end, forKey: .end)
        try container.encode(pictures, forKey: .pictures)
        try container.encode(emotion, forKey: .emotion)
        try container.encode(emotion.dominant, forKey: .dominant)
        try container.encodeIfPresent(readings, forKey: .readings)
    }
}

extension EmotionResult.Voice: Encodable {
    private enum CodingKeys: String, CodingKey {
        case emotion, arousal
        case dominant = "dominant_emotion"
        case speechSeconds = "speech_seconds"
    }

    /// Writes the voice with its likeliest emotion.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(emotion, forKey: .emotion)
        try container.encode(emotion.dominant, forKey: .dominant)
        try container.encode(arousal, forKey: .arousal)
        try container.encode(speechSeconds, forKey: .speechSeconds)
    }
}

extension EmotionResult.Clip: Encodable {
    private enum CodingKeys: String, CodingKey {
        case start, end, emotion, confidence, face, voice, shares
        case dominant = "dominant_emotion"
        case isAbstained = "abstained"
    }

    /// Writes the clip; one without face and voice has `null` for its emotion and abstains.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(start, forKey: .start)
        try container.encode(end, forKey: .end)
        try container.encode(answer?.emotion, forKey: .emotion)
        try container.encode(answer?.dominant, forKey: .dominant)
        try container.encode(answer?.confidence ?? 0, forKey: .confidence)
        try container.encode(answer?.isAbstained ?? true, forKey: .isAbstained)
        try container.encode(answer?.shares, forKey: .shares)
        try container.encode(face, forKey: .face)
        try container.encode(voice, forKey: .voice)
    }
}

extension EmotionResult.Video.Clip: Encodable {
    private enum CodingKeys: String, CodingKey {
        case start, end, top, emotion
        case isAbstained = "abstained"
    }

    /// Writes the clip; the emotion only where the model tells emotions.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(start, forKey: .start)
        try container.encode(end, forKey: .end)
        try container.encode(top, forKey: .top)
        try container.encodeIfPresent(emotion, forKey: .emotion)
        try container.encode(isAbstained, forKey: .isAbstained)
    }
}

extension EmotionResult.Evidence: Encodable {
    private enum CodingKeys: String, CodingKey {
        case kind, track, time, picture
    }

    /// Writes the picture as a data URI, or the path that it was written to.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encodeIfPresent(track, forKey: .track)
        try container.encode(time, forKey: .time)
        try container.encode(path ?? "data:image/png;base64," + png.base64EncodedString(), forKey: .picture)
    }
}
