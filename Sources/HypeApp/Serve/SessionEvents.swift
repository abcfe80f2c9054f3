import Foundation
import HypeCore
import HypeMoments
import HypeWorkerLink

/// Payload of `new_spike`: the chat began to rise.
struct SpikeReport: Codable, Sendable {
    var id: String
    var sessionId: String
    var kind = SignalKind.chat
    var time: MediaTime
    var score: Double
    var messagesPerSecond: Double
    var uniqueUsers: Int
    var baseline: Double
    var topMessages: [RepeatedText]

    init(_ spike: ChatSpike, session: String) {
        id = "\(session)-s\(spike.id)"
        sessionId = session
        time = spike.time
        score = spike.score
        messagesPerSecond = spike.evidence?.messagesPerSecond ?? 0
        uniqueUsers = spike.evidence?.uniqueUsers ?? 0
        baseline = spike.evidence?.baseline ?? 0
        topMessages = spike.evidence?.topMessages ?? []
    }
}

/// Payload of `clipProgress`: how far a clip has come.
struct ClipProgress: Codable, Sendable {
    /// A step on the way.
    enum Status: String, Codable, Sendable {
        case queued, cutting, rendering, saved, failed

        /// How much of the work is done at the beginning of the step.
        var percent: Int {
            switch self {
            case .queued, .failed: 0
            case .cutting: 10
            case .rendering: 60
            case .saved: 100
            }
        }
    }

    var status: Status
    var percent: Int
    var clipId: String
    var sessionId: String
    var reason: String?

    init(_ status: Status, clip: String, session: String, reason: String? = nil) {
        self.status = status
        percent = status.percent
        clipId = clip
        sessionId = session
        self.reason = reason
    }
}

/// Payload of `level`: how loud a live stream is.
struct LevelReport: Codable, Sendable {
    var sessionId: String
    var time: MediaTime
    var loudness: Double?
    var isSpeech: Bool

    init(_ level: LiveLevel, session: String) {
        sessionId = session
        time = level.time
        loudness = level.loudness
        isSpeech = level.isSpeech
    }
}
