package import HypeCore

/// Finds the packets of a stretch of a live stream: in the ring if it has the start, else in the spool and the ring.
package struct LiveCutter: Sendable {
    private let recorder: LiveRecorder
    private let spool: Spool?

    /// How far before the start packets are wanted, so that the sound around the start is there.
    private static let leadIn = Duration.milliseconds(500)
    /// Bytes that are read from the spool for one clip at most.
    private static let largestRead = 512 << 20

    /// Creates a cutter.
    ///
    /// - Parameters:
    ///   - recorder: What is recorded now.
    ///   - spool: What was recorded before, or nil.
    package init(recorder: LiveRecorder, spool: Spool?) {
        self.recorder = recorder
        self.spool = spool
    }

    /// Waits until the stream has reached a time, or will not reach it.
    ///
    /// Every track that still brings packets must have reached it. The wait ends early when the source ends, and when
    /// nothing has come for a while although the session's clock has passed the time.
    /// - Parameters:
    ///   - time: The time.
    ///   - clock: The session's clock.
    ///   - interrupt: The switch that ends the call.
    ///   - progress: Called often with the time that is reached.
    /// - Throws: ``MediaError/cancelled``.
    package func wait(
        until time: MediaTime,
        clock: SessionClock,
        interrupt: MediaInterrupt,
        progress: (MediaTime) -> Void = { _ in }
    ) throws(MediaError) {
        while !hasReached(time, clock: clock) {
            progress(recorder.status.front ?? .zero)
            try interrupt.pause(for: .milliseconds(20))
        }
    }

    private func hasReached(_ time: MediaTime, clock: SessionClock) -> Bool {
        let status = recorder.status
        if status.isOver { return true }
        let now = SessionClock.monotonic
        func isSilent(since arrival: Int64?, for span: Duration) -> Bool {
            arrival.map { .nanoseconds(now - $0) > span } ?? true
        }
        if let front = status.front, front >= time {
            // A track that lags is waited for as long as it lives.
            let isComplete = status.streams.allSatisfy { stream in
                status.fronts[stream.id].map { $0 >= time } ?? false
                    || isSilent(since: status.arrivals[stream.id], for: .seconds(1))
            }
            return isComplete || front >= time + .seconds(3)
        }
        let isLate = clock.now > time + .seconds(1)
        return isLate && isSilent(since: status.last?.arrival, for: status.isOpen ? .seconds(5) : .seconds(1))
    }

    /// Finds the packets of a stretch.
    ///
    /// - Parameter interval: The stretch.
    /// - Returns: Packets of one epoch, the one that has most of the stretch, from the key frame before its start on.
    /// - Throws: ``MediaError`` with code `.nothingToCut` where nothing of it is there.
    package func snapshot(of interval: MediaInterval) throws(MediaError) -> ReplaySnapshot {
        let rings = recorder.recorded
        var candidates = spool?.index.epochs ?? []
        for recorded in rings {
            guard let held = recorded.ring.fill.interval else { continue }
            if let place = candidates.firstIndex(where: { $0.epoch == recorded.epoch }) {
                candidates[place].interval = candidates[place].interval.union(held)
            } else {
                candidates.append((recorded.epoch, held))
            }
        }
        let shares = candidates.compactMap { candidate in
            candidate.interval.intersection(interval).map { (epoch: candidate.epoch, span: $0.duration) }
        }
        guard let epoch = shares.max(by: { $0.span < $1.span })?.epoch else { throw Self.nothing(interval) }
        let ring = rings.first { $0.epoch == epoch }?.ring
        let recent = ring?.snapshot(from: interval.start - Self.leadIn)
        if let recent, Self.begins(recent, by: interval.start) { return recent }
        guard let older = spool?.read(interval, epoch: epoch, limit: Self.largestRead) else {
            guard let recent, !recent.packets.isEmpty else { throw Self.nothing(interval) }
            return recent
        }
        return Self.joined(older, recent)
    }

    /// Whether a snapshot can show the stretch from a time on.
    private static func begins(_ snapshot: ReplaySnapshot, by start: MediaTime) -> Bool {
        let hasPicture = snapshot.streams.contains { $0.kind == .video }
        let first = snapshot.packets.first { hasPicture ? $0.kind == .video && $0.isKey : true }
        return first?.time.map { $0 <= start } ?? false
    }

    /// Packets of the spool up to where the ring's begin, track by track, then those of the ring.
    static func joined(_ older: ReplaySnapshot, _ recent: ReplaySnapshot?) -> ReplaySnapshot {
        guard let recent, !recent.packets.isEmpty else { return older }
        var begin: [TrackID: MediaTime] = [:]
        for packet in recent.packets {
            guard let time = packet.decodingTime else { continue }
            begin[packet.trackID] = min(begin[packet.trackID] ?? time, time)
        }
        let before = older.packets.filter { packet in
            guard let time = packet.decodingTime, let first = begin[packet.trackID] else { return true }
            return time < first
        }
        return ReplaySnapshot(streams: recent.streams, packets: before + recent.packets)
    }

    private static func nothing(_ interval: MediaInterval) -> MediaError {
        MediaError(
            .nothingToCut,
            "Nothing is recorded any more from \(interval.start.seconds) s to \(interval.end.seconds) s."
        )
    }
}
