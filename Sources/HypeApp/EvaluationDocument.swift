import HypeCore
package import HypeEvaluation

/// The figures of one collection or manifest.
package struct EvaluationDocument: Sendable {
    /// Figures of each kind of files, pictures first; at least one.
    package var reports: [EvaluationReport]
    /// What was evaluated, in words.
    package var source: String
    /// The models that answered.
    package var models: [EmotionResult.Model]
    /// Files that were not judged, and why.
    package var skipped: [SkippedFile]
    /// Files that could not be read, and why.
    package var unreadable: [SkippedFile]
    /// Labels that are none of the classes, with the number of their files.
    package var leftOut: [String: Int]
    /// Speakers that taught a net and were not tested, with the number of their files.
    package var taught: TaughtFiles?
    /// Files without an answer (no face, nobody speaks), at most ``longestList`` of each kind.
    package var unanswered: [String]
    /// What a person should know.
    package var notes: [String]
    /// Wall-clock seconds of the judging.
    package var seconds: Double
    /// Files judged per second.
    package var filesPerSecond: Double

    /// Files that are listed by name at most.
    package static let longestList = 100

    /// Files that taught a net, or may have.
    package struct TaughtFiles: Hashable, Sendable, Codable {
        /// Number of files.
        package var files: Int
        /// Their speakers, sorted; empty for pictures.
        package var speakers: [String]
        /// The nets.
        package var models: [String]
    }
}

extension EvaluationDocument: Encodable {
    private enum Keys: String, CodingKey {
        case source
        case models
        case skipped
        case unreadable
        case leftOut
        case leftOutTaught
        case unansweredFiles
        case notes
        case seconds
        case filesPerSecond
        case picture
        case sound
        case video
        case both
    }

    /// Writes the figures of one kind at the top, or of several kinds under their names.
    package func encode(to encoder: any Encoder) throws {
        if reports.count == 1, let only = reports.first {
            try only.encode(to: encoder)
        }
        var container = encoder.container(keyedBy: Keys.self)
        if reports.count > 1 {
            for report in reports {
                let key: Keys =
                    switch report.kind {
                    case .picture: .picture
                    case .sound: .sound
                    case .video: .video
                    case .both: .both
                    }
                try container.encode(report, forKey: key)
            }
        }
        try container.encode(source, forKey: .source)
        try container.encode(models, forKey: .models)
        try container.encode(skipped, forKey: .skipped)
        try container.encode(unreadable, forKey: .unreadable)
        try container.encode(leftOut, forKey: .leftOut)
        try container.encodeIfPresent(taught, forKey: .leftOutTaught)
        try container.encode(unanswered, forKey: .unansweredFiles)
        try container.encode(notes, forKey: .notes)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(filesPerSecond, forKey: .filesPerSecond)
    }
}
