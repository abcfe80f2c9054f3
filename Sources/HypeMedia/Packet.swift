import CFFmpeg
package import HypeCore

/// One compressed picture or run of samples; immutable, so it crosses threads freely.
package struct Packet: Sendable {
    /// Picture or sound.
    package let kind: StreamInfo.Kind
    /// Number among the tracks of its kind, see ``TrackID/number``.
    package private(set) var track: Int
    /// Presentation time in ticks of ``timebase``, or nil where the container has none.
    package private(set) var pts: Int64?
    /// Decoding time in ticks of ``timebase``, or nil where the container has none.
    package private(set) var dts: Int64?
    /// Length in ticks of ``timebase``, 0 where unknown.
    package let duration: Int64
    /// Length of one tick.
    package let timebase: Timebase
    /// Whether decoding can begin here.
    package let isKey: Bool
    /// Whether the demuxer marked the bytes as damaged.
    package let isDamaged: Bool
    /// The compressed bytes.
    package private(set) var bytes: PacketBytes

    /// Creates a packet.
    ///
    /// - Parameters:
    ///   - kind: Picture or sound.
    ///   - track: Number among the tracks of its kind.
    ///   - pts: Presentation time in ticks.
    ///   - dts: Decoding time in ticks.
    ///   - duration: Length in ticks; below 0 counts as 0.
    ///   - timebase: Length of one tick.
    ///   - isKey: Whether decoding can begin here.
    ///   - isDamaged: Whether the bytes are known to be damaged.
    ///   - bytes: The compressed bytes.
    package init(
        kind: StreamInfo.Kind,
        track: Int = 0,
        pts: Int64?,
        dts: Int64?,
        duration: Int64,
        timebase: Timebase,
        isKey: Bool,
        isDamaged: Bool = false,
        bytes: PacketBytes
    ) {
        self.kind = kind
        self.track = track
        self.pts = pts
        self.dts = dts
        self.duration = max(0, duration)
        self.timebase = timebase
        self.isKey = isKey
        self.isDamaged = isDamaged
        self.bytes = bytes
    }

    /// The track that the packet belongs to.
    package var trackID: TrackID { TrackID(kind, number: track) }

    /// Presentation time, or decoding time where there is none, or nil without either.
    package var time: MediaTime? {
        (pts ?? dts).map { MediaTime(pts: $0, timebase: timebase) }
    }

    /// Presentation time of the first instant after the packet, or nil without time stamps.
    package var end: MediaTime? {
        time.map { $0 + timebase.span(duration) }
    }

    /// Decoding time, or presentation time where there is none.
    package var decodingTime: MediaTime? {
        (dts ?? pts).map { MediaTime(pts: $0, timebase: timebase) }
    }

    /// The same packet over other memory.
    func replacing(bytes: PacketBytes) -> Packet {
        var packet = self
        packet.bytes = bytes
        return packet
    }

    /// The same packet with another decoding time, in ticks of ``timebase``.
    func decoded(at dts: Int64) -> Packet {
        var packet = self
        packet.dts = dts
        return packet
    }

    /// The same packet in another track of its kind.
    func moved(toTrack track: Int) -> Packet {
        var packet = self
        packet.track = track
        return packet
    }

    /// The same packet elsewhere in time.
    package func shifted(byTicks offset: Int64) -> Packet {
        var packet = self
        packet.pts = pts.map { $0 &+ offset }
        packet.dts = dts.map { $0 &+ offset }
        return packet
    }
}
