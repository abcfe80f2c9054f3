package import HypeCore

/// What a worker says about the live stream that it watches.
package enum LiveReport: Hashable, Sendable, Codable {
    /// Packets arrive; said again when the tracks change, from `from` on.
    case opened(MediaInfo, from: MediaTime)
    /// The source brings nothing: it is not there yet, went away, or refuses; the worker tries again by itself.
    case waiting(reason: String)
    /// A packet and when it came, about four times per second, to relate the session's clock to others.
    case clock(LiveClockSample)
    /// How loud it is, and how far the stream has come; about four times per second.
    case level(LiveLevel)
    /// A track became dead or alive: covered camera, silent microphone, no packets.
    case track(LiveTrack, reason: String?)
    /// How attentive the face is; once per second where it is wanted.
    case attention(AttentionSummary)
    /// How the spool is; `reason` is nil while everything is written.
    case spool(bytes: Int64, from: MediaTime, reason: String?)
}

/// Part of a live stream whose health is reported.
package enum LiveTrack: String, Hashable, Sendable, Codable, CaseIterable {
    /// The picture.
    case picture
    /// The sound.
    case sound
}

/// A point of the relation between a stream's clock and the machine's.
package struct LiveClockSample: Hashable, Sendable, Codable {
    /// Presentation time of a packet.
    package var media: MediaTime
    /// When it came, in nanoseconds of the machine's monotonic clock (`CLOCK_MONOTONIC`).
    package var arrival: Int64

    /// Creates a sample.
    package init(media: MediaTime, arrival: Int64) {
        self.media = media
        self.arrival = arrival
    }
}

/// How loud a live stream is.
package struct LiveLevel: Hashable, Sendable, Codable {
    /// Until when sound was heard.
    package var time: MediaTime
    /// Root mean square of the last quarter of a second in dB of full scale, at most 0; nil without sound.
    package var loudness: Double?
    /// Whether somebody speaks.
    package var isSpeech: Bool

    /// Creates a level.
    package init(time: MediaTime, loudness: Double?, isSpeech: Bool) {
        self.time = time
        self.loudness = loudness
        self.isSpeech = isSpeech
    }
}
