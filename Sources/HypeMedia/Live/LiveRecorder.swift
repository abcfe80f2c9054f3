package import HypeCore
import Synchronization

/// Records a live stream: from its source into the replay ring and to everyone who listens in.
///
/// One thread runs ``run(opening:interrupt:)``; any thread may ask. The tracks stay the same for an epoch; when they
/// change, the ring is set aside and a new one begun, so that what was recorded before can still be cut.
package final class LiveRecorder: Sendable {
    /// What a recorder says about its source.
    package enum Notice: Sendable {
        /// Packets come; said again when the tracks change, from that time on.
        case opened([StreamInfo], from: MediaTime)
        /// The source brings nothing, for a reason and with a remedy in words.
        case waiting(String)
    }

    /// What is known about the stream now.
    package struct Status: Sendable {
        /// The tracks, empty until the first packet.
        package var streams: [StreamInfo] = []
        /// How often the tracks changed.
        package var epoch = -1
        /// The latest end of a packet, or nil before the first one.
        package var front: MediaTime?
        /// The latest end of a packet by track.
        package var fronts: [TrackID: MediaTime] = [:]
        /// The last packet: its presentation time, and when it came in nanoseconds of the monotonic clock.
        package var last: (media: MediaTime, arrival: Int64)?
        /// When each track's last packet came, in nanoseconds of the monotonic clock.
        package var arrivals: [TrackID: Int64] = [:]
        /// Whether the source is open.
        package var isOpen = false
        /// Whether the source has ended for good.
        package var isOver = false
        /// Pictures that were dropped since the source was opened because no key frame has come.
        package var picturesBeforeKeyFrame = 0

        /// Creates the status of a stream of which nothing is known.
        package init() {}
    }

    private struct State {
        var rings: [(epoch: Int, ring: ReplayRing)] = []
        var taps: [LiveTap] = []
        var status = Status()
        var gate = PacketGate()
        var input: MediaInterrupt?
    }

    private let limits: ReplayRing.Limits
    private let notice: @Sendable (Notice) -> Void
    private let state = Mutex(State())

    /// Creates a recorder.
    ///
    /// - Parameters:
    ///   - limits: How much the ring holds.
    ///   - notice: Called on the recording thread.
    package init(limits: ReplayRing.Limits, notice: @escaping @Sendable (Notice) -> Void = { _ in }) {
        self.limits = limits
        self.notice = notice
    }

    /// What is known about the stream now.
    package var status: Status { state.withLock { $0.status } }

    /// Listens in: everything that comes from now on.
    ///
    /// - Parameters:
    ///   - kinds: The wanted tracks.
    ///   - limit: Bytes that may wait.
    /// - Returns: What gives the packets; it first names the tracks where they are known.
    package func tap(_ kinds: Set<StreamInfo.Kind>, limit: Int) -> LiveTap {
        state.withLock { state in
            let tap = LiveTap(kinds: kinds, limit: limit)
            if !state.status.streams.isEmpty { tap.offer(.tracks(state.status.streams, epoch: state.status.epoch)) }
            state.taps.append(tap)
            return tap
        }
    }

    /// Goes on where an earlier worker stopped; call before ``run(opening:interrupt:)``.
    ///
    /// - Parameters:
    ///   - snapshot: Its last packets.
    ///   - epoch: How often the tracks had changed.
    package func resume(_ snapshot: ReplaySnapshot, epoch: Int) {
        state.withLock { state in
            let ring = ReplayRing(streams: snapshot.streams, limits: limits)
            var latest: [TrackID: MediaTime] = [:]
            for packet in snapshot.packets {
                ring.append(packet)
                guard let time = packet.decodingTime, let end = packet.end else { continue }
                latest[packet.trackID] = max(latest[packet.trackID] ?? time, time)
                state.status.front = max(state.status.front ?? end, end)
            }
            state.rings = [(epoch, ring)]
            state.gate = PacketGate(after: latest)
            state.status.streams = snapshot.streams
            state.status.epoch = epoch
            for tap in state.taps { tap.offer(.tracks(snapshot.streams, epoch: epoch)) }
        }
    }

    /// Records until the source ends for good.
    ///
    /// A source that fails is opened again and again, at first at once, then with growing pauses of up to 5 s.
    /// - Parameters:
    ///   - open: Opens the source; is given the end of what was recorded before.
    ///   - interrupt: The switch that ends the call.
    /// - Throws: ``MediaError/cancelled``.
    package func run(
        opening open: (_ front: MediaTime?, _ interrupt: MediaInterrupt) throws(MediaError) -> any LiveInput,
        interrupt: MediaInterrupt
    ) throws(MediaError) {
        defer { state.withLock { $0.status.isOver = true } }
        var backoff = RetryBackoff()
        while true {
            try interrupt.check()
            let own = MediaInterrupt(under: interrupt)
            let begin = ContinuousClock.now
            do throws(MediaError) {
                state.withLock { $0.input = own }
                let input = try open(status.front, own)
                if try record(input) { return }
            } catch {
                try interrupt.check()
                // A cancelled input was given up for its silence, which was said already.
                if error.code != .cancelled { notice(.waiting(error.description)) }
            }
            state.withLock { state in
                state.input = nil
                state.status.isOpen = false
            }
            try interrupt.pause(for: backoff.pause(afterLifetime: ContinuousClock.now - begin))
        }
    }

    /// Gives up the open source, which is then opened anew, as one that has been silent for too long.
    ///
    /// - Parameter reason: Why, and what can be done.
    package func reopen(because reason: String) {
        let input = state.withLock { state in
            defer { state.input = nil }
            return state.input
        }
        guard let input else { return }
        notice(.waiting(reason))
        input.cancel()
    }

    /// Records an input; true where it has ended for good.
    private func record(_ input: any LiveInput) throws(MediaError) -> Bool {
        var isFirst = true
        while let next = try input.next() {
            if isFirst || next.startsEpoch { begin(input.streams, isOpening: isFirst, at: next.packet) }
            isFirst = false
            take(next.packet)
        }
        return true
    }

    private func begin(_ streams: [StreamInfo], isOpening: Bool, at packet: Packet) {
        let isNew = state.withLock { state in
            if isOpening { state.gate.reopen() }
            state.status.isOpen = true
            let isSame = !state.rings.isEmpty && streams.matches(state.status.streams)
            if !isSame {
                if !isOpening { state.gate.reopen() }
                state.status.epoch += 1
                state.status.streams = streams
                let ring = ReplayRing(streams: streams, limits: limits)
                state.rings.append((state.status.epoch, ring))
                for tap in state.taps { tap.offer(.tracks(streams, epoch: state.status.epoch)) }
            }
            return !isSame || isOpening
        }
        if isNew { notice(.opened(streams, from: packet.time ?? .zero)) }
    }

    private func take(_ packet: Packet) {
        let arrival = SessionClock.monotonic
        state.withLock { state in
            let isAdmitted = state.gate.admits(packet)
            state.status.picturesBeforeKeyFrame = state.gate.picturesBeforeKeyFrame
            guard isAdmitted, let ring = state.rings.last?.ring else { return }
            let stored = ring.append(packet)
            for tap in state.taps { tap.offer(.packet(stored)) }
            state.status.arrivals[packet.trackID] = arrival
            if let time = packet.time { state.status.last = (time, arrival) }
            guard let end = packet.end else { return }
            state.status.fronts[packet.trackID] = max(state.status.fronts[packet.trackID] ?? end, end)
            state.status.front = max(state.status.front ?? end, end)
            Self.prune(&state, limits: limits)
        }
    }

    /// Drops the rings of earlier epochs when their time is over or their bytes are needed.
    private static func prune(_ state: inout State, limits: ReplayRing.Limits) {
        guard state.rings.count > 1, let front = state.status.front else { return }
        let fills = state.rings.map(\.ring.fill)
        let sum = fills.reduce(0) { $0 + $1.bytes }
        let isOld = fills[0].interval.map { front - $0.end > limits.span } ?? true
        if isOld || sum > limits.bytes || state.rings.count > 4 { state.rings.removeFirst() }
    }
}

extension LiveRecorder {
    /// A ring of one epoch.
    package struct Recorded: Sendable {
        /// How often the tracks had changed.
        package var epoch: Int
        /// The packets that are held.
        package var ring: ReplayRing
    }

    /// The rings that are held, oldest first.
    package var recorded: [Recorded] {
        state.withLock { $0.rings.map { Recorded(epoch: $0.epoch, ring: $0.ring) } }
    }
}

extension [StreamInfo] {
    /// Whether packets of these tracks can follow those of other ones in one file.
    fileprivate func matches(_ other: [StreamInfo]) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.matches($1) }
    }
}
