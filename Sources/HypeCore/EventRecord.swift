package import Foundation

/// What happened, in the terms of the event log behind Socket.IO, Server-Sent Events, webhooks and REST.
package enum EventKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Progress of a clip that is being cut.
    case clipProgress
    /// Progress of files whose emotion is read in the background.
    case predictProgress
    /// Attention of a face in such a file rose or fell past a limit.
    case attentionAlert
    /// The chat began to rise.
    case newSpike = "new_spike"
    /// A clip was saved.
    case newClip = "new_clip"
    /// A clip was cut again, better, or a person changed it.
    case clip
    /// What one detector saw in the last second.
    case signal
    /// A moment or a near miss, with its evidence.
    case moment
    /// A session began, changed or ended.
    case session
    /// How loud a live stream is, a few times per second.
    case level
    /// A part of the server became better or worse.
    case health
    /// A clip or a recording was deleted.
    case deletion

    /// Whether the event is kept and replayed to clients that come back.
    ///
    /// Gauges are not: the next one says it anew.
    package var isKept: Bool { self != .signal && self != .level && self != .health }
}

/// One entry of the event log.
package struct EventRecord: Hashable, Sendable, Codable, Identifiable {
    /// Number in the log; rises by at least one with each entry and never comes back, not even after a restart.
    package var id: Int64
    /// When it happened, on the wall clock.
    package var time: Date
    /// What happened.
    package var kind: EventKind
    /// The session that it belongs to; nil for the server as a whole.
    package var sessionId: String?
    /// The details as a JSON object in UTF-8.
    package var payload: Data

    /// Creates an entry.
    package init(id: Int64, time: Date, kind: EventKind, sessionId: String?, payload: Data) {
        self.id = id
        self.time = time
        self.kind = kind
        self.sessionId = sessionId
        self.payload = payload
    }
}
