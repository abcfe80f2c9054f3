package import HypeCore

/// What happens to a session's stream.
package enum IngestEvent: Hashable, Sendable {
    /// A publisher is there and may send.
    case connected(Publisher)
    /// The publisher described its stream, or did so again.
    case described(StreamFacts)
    /// All tracks of the stream are known, or they changed.
    case tracks(video: MediaCodec?, audio: MediaCodec?)
    /// What was sent in the last second or so.
    case measured(StreamMeasure)
    /// Something the streamer should know.
    case warning(IngestWarning)
    /// A moment on both clocks; about four times a second while media comes.
    case clock(ClockSample)
    /// The publisher is there, but sent no media for 3 s.
    case stalled
    /// Media comes again.
    case resumed
    /// The publisher is gone.
    case gone(Departure)
    /// The worker reads.
    case readerAttached
    /// So many packets had to be dropped before any worker read them; the bytes that may be kept did not suffice.
    case dropped(packets: Int)
    /// The worker does not read any more.
    case readerDetached(ReaderDeparture)

    /// Who publishes.
    package struct Publisher: Hashable, Sendable {
        /// Where it connects from, as IP address.
        package var address: String
        /// What its encoder calls itself in `connect`.
        package var encoder: String?
        /// How many publishers the session had before.
        package var earlier: Int
    }

    /// Which media time arrived when.
    package struct ClockSample: Hashable, Sendable {
        /// Decoding time of the packet on the session's clock.
        package var media: MediaTime
        /// When it arrived.
        package var arrival: ContinuousClock.Instant
    }

    /// Why a publisher is gone.
    package enum Departure: Hashable, Sendable {
        /// It said that the stream is over.
        case finished
        /// Its connection broke.
        case lost
        /// Nothing came for too long.
        case silent
        /// Another one with the same key took over.
        case replaced
        /// It sent what cannot be understood.
        case malformed(RTMPFault)
        /// The session was closed, or the server stops.
        case closed
    }

    /// Why a reader is gone.
    package enum ReaderDeparture: Hashable, Sendable {
        /// It closed its end.
        case left
        /// It had everything of an epoch; it is expected back for the next one.
        case epochEnded
        /// It was too far behind.
        case lagging
    }
}
