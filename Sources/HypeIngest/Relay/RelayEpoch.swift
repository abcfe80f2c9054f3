package import NIOCore

/// A stretch of a session's stream with the same tracks, which its reader gets as one stream of bytes; a pure value.
///
/// It waits until its tracks are known, then has a header, and keeps packets behind it.
package struct RelayEpoch: Sendable {
    private static let soundGroup: Int64 = 500

    /// The tracks.
    package private(set) var tracks = TrackSet()
    /// The header, once the tracks are known.
    package private(set) var header: ByteBuffer?
    private var writer = ContainerWriter.flv
    /// Packets that came before the tracks were known.
    private var waiting: [MediaPacket] = []
    private var waitingBytes = 0
    private var groups: [RelayGroup] = []
    private var newest: Int64 = 0

    /// Creates an epoch that knows some tracks already.
    package init(tracks: TrackSet = TrackSet()) {
        self.tracks = tracks
    }

    /// Bytes that are kept.
    package var cost: Int { waitingBytes + groups.reduce(0) { $0 + $1.cost } }
    /// Whether nothing is kept.
    package var isEmpty: Bool { waiting.isEmpty && groups.isEmpty }
    /// Whether readers can be served.
    package var isSettled: Bool { header != nil }
    /// Everything that is kept, in order.
    package var packets: [ByteBuffer] { groups.flatMap(\.packets).map { ByteBuffer(bytes: $0) } }

    /// Whether a configuration can be taken without beginning another epoch.
    func accepts(_ track: TrackSet.Track) -> Bool {
        if let known = tracks[isVideo: track.codec.isVideo] { return known == track }
        return !isSettled
    }

    /// Takes a track in that ``accepts(_:)`` allows.
    mutating func add(_ track: TrackSet.Track) {
        tracks[isVideo: track.codec.isVideo] = track
    }

    /// Takes a packet in.
    ///
    /// - Returns: What a reader that has everything so far gets now; nil while the tracks are not known.
    mutating func append(_ packet: MediaPacket) -> ByteBuffer? {
        newest = max(newest, packet.time)
        guard isSettled else {
            waiting.append(packet)
            waitingBytes += packet.data.readableBytes + RelayGroup.packetOverhead
            return nil
        }
        return store(packet)
    }

    /// Finds out whether all tracks are known, and if so writes the header.
    ///
    /// - Parameters:
    ///   - facts: What the publisher announced.
    ///   - metadata: The publisher's own words, for the header.
    ///   - wait: Milliseconds of media time after which the tracks that are there are all; three times that where the
    ///     missing one is announced, half where only the other one is.
    /// - Returns: Whether the header was written just now.
    mutating func settle(facts: StreamFacts, metadata: AMF0Value?, wait: Int64) -> Bool {
        guard !isSettled, !tracks.isEmpty, let first = waiting.first else { return false }
        if tracks.video == nil || tracks.audio == nil {
            // What is announced is waited for longer. That nothing is announced means little: GStreamer describes its
            // tracks one by one.
            let patience =
                switch tracks.video == nil ? facts.announcesVideo : facts.announcesAudio {
                case true?: 3 * wait
                case false?: wait / 2
                case nil: wait
                }
            guard newest - first.time >= patience else { return false }
        }
        writer = ContainerWriter(for: tracks)
        header = writer.header(for: tracks, facts: facts, metadata: metadata, time: first.time)
        for packet in waiting { _ = store(packet) }
        waiting = []
        waitingBytes = 0
        return true
    }

    /// Drops whole groups from the front.
    ///
    /// - Parameters:
    ///   - span: Milliseconds that stay at least; nil for everything that the bytes allow.
    ///   - bytes: What ``cost`` may be afterwards.
    /// - Returns: Number of packets that were dropped for their bytes, not for their age.
    mutating func evict(span: Int64?, bytes: Int) -> Int {
        var lost = 0
        var cost = cost
        while let first = groups.first {
            let isTooLarge = cost > bytes
            let isOld = groups.count > 1 && span.map { newest - groups[1].start >= $0 } ?? false
            guard isTooLarge || isOld else { break }
            if !isOld { lost += first.packets.count }
            cost -= first.cost
            groups.removeFirst()
        }
        if cost > bytes {
            lost += waiting.count
            waiting = []
            waitingBytes = 0
        }
        return lost
    }

    private mutating func store(_ packet: MediaPacket) -> ByteBuffer {
        let bytes = writer.bytes(of: packet)
        let isBeginning =
            if tracks.video != nil {
                packet.codec.isVideo && packet.frame.isKey
            } else {
                groups.last.map { packet.time - $0.start >= Self.soundGroup } ?? true
            }
        if isBeginning || groups.isEmpty {
            groups.append(RelayGroup(start: packet.time, isDecodable: isBeginning))
        }
        groups[groups.count - 1].append(bytes)
        return bytes
    }
}
