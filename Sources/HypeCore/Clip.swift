package import Foundation

/// A clip as documents, the API and the store know it.
package struct Clip: Hashable, Sendable, Codable, Identifiable {
    /// Whether the clip can be played.
    package enum State: String, Hashable, Sendable, Codable {
        case saved, failed
    }

    /// What made the rule cut it.
    package struct Trigger: Hashable, Sendable, Codable {
        /// The kinds of signals that agreed.
        package var kinds: [SignalKind]
        /// Score of the strongest moment, 0…1.
        package var score: Double
        /// `instant` where all three agreed, else `clip`.
        package var rule: Moment.Decision
        /// Whether a person asked for it instead of the rule; nil where the rule did.
        package var manual: Bool?

        /// Creates a trigger.
        package init(kinds: [SignalKind], score: Double, rule: Moment.Decision) {
            self.kinds = kinds
            self.score = score
            self.rule = rule
        }
    }

    /// One file of a clip.
    package struct File: Hashable, Sendable, Codable {
        /// Path relative to the document that names it.
        package var path: String
        /// Size.
        package var bytes: Int64
        /// SHA-256 of the content, 64 hexadecimal digits.
        package var sha256: String

        /// Creates a file entry.
        package init(path: String, bytes: Int64, sha256: String) {
            self.path = path
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// The files of a clip.
    package struct Files: Hashable, Sendable, Codable {
        /// The clip itself; nil where it could not be cut.
        package var video: File?
        /// A JPEG picture out of the moment.
        package var thumbnail: File?

        /// Creates a list of files.
        package init(video: File? = nil, thumbnail: File? = nil) {
            self.video = video
            self.thumbnail = thumbnail
        }
    }

    /// The same moment as a clip that a platform made.
    package struct Platform: Hashable, Sendable, Codable {
        /// Which platform, such as `twitch`.
        package var name: String
        /// Where the clip is; nil where there is none.
        package var url: String?
        /// Why there is none; nil otherwise.
        package var reason: String?

        /// Creates an entry.
        package init(name: String, url: String? = nil, reason: String? = nil) {
            self.name = name
            self.url = url
            self.reason = reason
        }
    }

    /// Identifier: unique within its recording after `analyze`, unique everywhere in a server's store.
    package var id: String
    /// The server's session that it comes from; nil after `analyze`.
    package var sessionId: String?
    /// Channel of the session, where it has one.
    package var channel: String?
    /// When the clip was cut, on the wall clock.
    package var createdAt: Date
    /// First instant that the clip shows, on the recording's clock.
    package var start: MediaTime
    /// First instant after the clip.
    package var end: MediaTime
    /// Length in seconds; a convenience for readers of the document.
    package var duration: Double
    /// The part in which the signals were present, without pre- and post-roll.
    package var core: MediaInterval
    /// What made the rule cut it.
    package var trigger: Trigger
    /// What each kind of signal saw in the strongest moment.
    package var signals: [Vote]
    /// Mean emotion of voice and face in the moment; nil where neither was seen.
    package var emotions: EmotionScores?
    /// Numbers of the moments inside.
    package var moments: [Int]
    /// Why it was cut and how start and end were chosen.
    package var reason: String
    /// Headline.
    package var title: String
    /// Hashtags without the sign, most specific first.
    package var hashtags: [String]
    /// The files.
    package var files: Files
    /// Whether retention must leave it alone.
    package var keep: Bool
    /// Whether it can be played.
    package var state: State
    /// The clip that the platform made of the same moment; nil where none was asked for.
    package var platform: Platform?

    /// Creates a clip document.
    package init(
        id: String,
        createdAt: Date,
        interval: MediaInterval,
        plan: ClipPlan,
        trigger: Trigger,
        signals: [Vote],
        emotions: EmotionScores?,
        title: String,
        hashtags: [String],
        files: Files,
        state: State
    ) {
        self.id = id
        self.createdAt = createdAt
        self.start = interval.start
        self.end = interval.end
        self.duration = interval.duration.inSeconds
        self.core = plan.core
        self.trigger = trigger
        self.signals = signals
        self.emotions = emotions
        self.moments = plan.moments
        self.reason = plan.reason
        self.title = title
        self.hashtags = hashtags
        self.files = files
        self.keep = false
        self.state = state
    }
}
