package import HypeCore
import Synchronization

/// The last seconds of a stream, compressed, from which clips with their pre-roll are written.
///
/// Bounded in time and in bytes: the ring drops whole groups of pictures (GOPs), oldest first, as long as what stays
/// covers the wanted time, and earlier where the bytes run out. A GOP begins at a key frame of the picture; without
/// picture every sound packet could be one, and they are grouped by half a second. Packets share chunks of memory with
/// the snapshots taken from the ring, so eviction never waits for a writer. Any thread may call.
///
/// Time is judged by packets whose time stamps run on, as a ``MediaSource`` gives them; the bound in bytes holds for any.
package final class ReplayRing: Sendable {
    /// How much a ring holds.
    package struct Limits: Hashable, Sendable {
        /// Media time that is kept at least, as far as the bytes allow; up to one GOP more is held.
        package var span: Duration
        /// Bytes of packets, with ``ReplayRing/packetOverhead`` for each, that are never exceeded.
        package var bytes: Int

        /// Creates limits; by default 90 s and 128 MB.
        package init(span: Duration = .seconds(90), bytes: Int = 128 << 20) {
            self.span = span
            self.bytes = max(1, bytes)
        }
    }

    /// What is in a ring now.
    package struct Fill: Hashable, Sendable {
        /// Number of packets.
        package var packets: Int
        /// Bytes as counted for ``Limits/bytes``.
        package var bytes: Int
        /// From the first packet's time to the end of the latest, or nil while empty.
        package var interval: MediaInterval?
    }

    /// Bytes that each packet counts beyond its own, for its entry in the table.
    package static let packetOverhead = 128
    /// Bytes of the chunks that packets share; larger packets get chunks of their own.
    static let chunkSize = 1 << 20
    static let soundGroup = Duration.milliseconds(500)

    private struct State {
        var streams: [StreamInfo]
        var groups: [PacketGroup] = []
        var bytes = 0
        var newest: MediaTime?
        var chunk: PacketChunk?
        var taps: [PacketTap] = []
    }

    private let limits: Limits
    private let state: Mutex<State>

    /// Creates an empty ring.
    ///
    /// - Parameters:
    ///   - streams: The tracks whose packets will come, at most one of each identity.
    ///   - limits: How much is held.
    package init(streams: [StreamInfo], limits: Limits = Limits()) {
        self.limits = limits
        state = Mutex(State(streams: streams))
    }

    /// Replaces what is known about a track, as when a bitstream filter has seen its first packet.
    package func update(_ stream: StreamInfo) {
        state.withLock { state in
            state.streams = state.streams.map { $0.id == stream.id ? stream : $0 }
        }
    }

    /// Takes the next packet of the stream, in file order; its bytes are copied.
    ///
    /// - Returns: The packet over the ring's memory.
    @discardableResult
    package func append(_ packet: Packet) -> Packet {
        state.withLock { state in
            let stored = packet.replacing(bytes: Self.store(packet.bytes, in: &state.chunk))
            Self.add(stored, to: &state)
            Self.evict(from: &state, limits: limits)
            for tap in state.taps { tap.offer(stored) }
            state.taps.removeAll { $0.isClosed }
            return stored
        }
    }

    /// The tracks.
    package var streams: [StreamInfo] { state.withLock { $0.streams } }

    /// What is in the ring now.
    package var fill: Fill {
        state.withLock { state in
            let packets = state.groups.reduce(0) { $0 + $1.packets.count }
            let interval = state.groups.lazy.compactMap { $0.start }.first.flatMap { start in
                state.newest.map { MediaInterval(start: start, end: $0) }
            }
            return Fill(packets: packets, bytes: state.bytes, interval: interval)
        }
    }

    /// The newest key frame of the picture, or nil where none is held.
    package var latestKeyFrame: Packet? {
        state.withLock { state in
            state.groups.last(where: \.isDecodable)?.packets.first { $0.kind == .video && $0.isKey }
        }
    }

    /// The packets needed to show everything from a time on.
    ///
    /// - Parameter start: The first wanted time; nil for all that is held.
    /// - Returns: Packets from the key frame at or before `start` (or the first one held) to the latest; only sound where
    ///   no key frame is held.
    package func snapshot(from start: MediaTime? = nil) -> ReplaySnapshot {
        state.withLock { Self.snapshot(of: $0, from: start) }
    }

    /// A snapshot, and every packet after it: none is missing between the two and none is in both.
    ///
    /// - Parameters:
    ///   - start: The first wanted time; nil for all that is held.
    ///   - bytes: Bytes that the tap may hold before it gives up, see ``PacketTap/isOverrun``.
    /// - Returns: The snapshot, and the tap that receives from now on until it is closed.
    package func snapshotAndTap(
        from start: MediaTime? = nil,
        tapLimit bytes: Int = 64 << 20
    ) -> (snapshot: ReplaySnapshot, tap: PacketTap) {
        state.withLock { state in
            let tap = PacketTap(limit: bytes)
            state.taps.append(tap)
            return (Self.snapshot(of: state, from: start), tap)
        }
    }
}

extension ReplayRing {
    private static func store(_ bytes: PacketBytes, in chunk: inout PacketChunk?) -> PacketBytes {
        bytes.withUnsafeBytes { source in
            if let stored = chunk?.append(source) { return stored }
            guard source.count <= chunkSize / 4 else { return PacketBytes(source) }
            let next = PacketChunk(capacity: chunkSize)
            chunk = next
            return next.append(source) ?? PacketBytes(source)
        }
    }

    private static func add(_ packet: Packet, to state: inout State) {
        let hasVideo = state.streams.contains { $0.kind == .video }
        let beginsGroup: Bool
        if hasVideo {
            beginsGroup = packet.kind == .video && packet.isKey
        } else {
            let start = state.groups.last?.start
            beginsGroup = start.flatMap { start in packet.time.map { $0 - start >= soundGroup } } ?? true
        }
        if beginsGroup || state.groups.isEmpty {
            state.groups.append(PacketGroup(isDecodable: beginsGroup))
        }
        state.groups[state.groups.count - 1].append(packet)
        state.bytes += packet.cost
        if let end = packet.end { state.newest = max(state.newest ?? end, end) }
    }

    private static func evict(from state: inout State, limits: Limits) {
        while state.groups.count > 1 {
            let isTooLarge = state.bytes > limits.bytes
            let covers = state.newest.flatMap { newest in
                state.groups[1].start.map { newest - $0 >= limits.span }
            }
            guard isTooLarge || covers ?? false else { break }
            let dropped = state.groups.removeFirst()
            state.bytes -= dropped.cost
            // Sound that came before the key frame but is heard with or after it is still wanted.
            let kept = dropped.sound(after: state.groups[0].start, within: limits.bytes - state.bytes)
            state.groups[0].prepend(kept)
            state.bytes += kept.reduce(0) { $0 + $1.cost }
        }
        guard state.groups.count == 1 else { return }
        var only = state.groups[0]
        let earliest = state.newest.map { $0 - limits.span }
        if state.bytes > limits.bytes {
            only.trim(toCost: limits.bytes - limits.bytes / 4)
        } else if !only.isDecodable, let earliest, let start = only.start, start < earliest - limits.span / 4 {
            only.trim(before: earliest)
        } else {
            return
        }
        state.bytes = only.cost
        state.groups[0] = only
    }

    private static func snapshot(of state: State, from start: MediaTime?) -> ReplaySnapshot {
        let decodable = state.groups.indices.filter { state.groups[$0].isDecodable }
        let first =
            decodable.last { index in
                guard let start else { return false }
                return state.groups[index].start.map { $0 <= start } ?? false
            } ?? decodable.first
        guard let first else {
            // Pictures of no use are no reason to lose the sound.
            let sound = state.groups.flatMap { $0.packets.filter { $0.kind == .audio } }
            return ReplaySnapshot(streams: state.streams, packets: sound)
        }
        // The group before may hold sound that is heard with the first pictures.
        let lead = first > 0 ? state.groups[first - 1].packets.filter { $0.kind == .audio } : []
        return ReplaySnapshot(streams: state.streams, packets: lead + state.groups[first...].flatMap(\.packets))
    }
}
