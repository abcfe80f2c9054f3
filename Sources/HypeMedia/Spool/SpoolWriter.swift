import HypeCore

/// Writes what a recorder receives into a spool, on a thread of its own.
///
/// What was received is on its way to the disk 100 ms later. A full disk costs the oldest parts first; where that does
/// not help, packets are dropped (they are still in the ring) and each second it is tried again.
package final class SpoolWriter {
    /// Time between two writes, and so the most that a kill of the process costs.
    static let pause = Duration.milliseconds(100)
    /// Bytes that wait in memory for a slow disk at most.
    package static let patience = 32 << 20
    /// Largest part, whatever its length.
    static let largestPart: Int64 = 64 << 20
    /// Time between two tries after a failure.
    static let retry = Duration.seconds(1)

    private let spool: Spool
    private let tap: LiveTap
    private var writer: SpoolPartWriter?
    private var tracks: (epoch: Int, streams: [StreamInfo])?
    private var blockedUntil: ContinuousClock.Instant?

    /// Creates a writer for one thread.
    ///
    /// - Parameters:
    ///   - spool: Where to write.
    ///   - tap: What is received, see ``tap(on:)``.
    package init(_ spool: Spool, tap: LiveTap) {
        self.spool = spool
        self.tap = tap
    }

    /// Listens in on a recorder, from now on.
    ///
    /// - Parameters:
    ///   - recorder: What is received.
    ///   - limit: Bytes that may wait.
    /// - Returns: The tap for a writer.
    package static func tap(on recorder: LiveRecorder, limit: Int = patience) -> LiveTap {
        recorder.tap([.video, .audio], limit: limit)
    }

    /// Writes until the work is given up, and then what is still there.
    package func run(until interrupt: MediaInterrupt) {
        while true {
            do throws(MediaError) {
                try interrupt.pause(for: Self.pause)
            } catch {
                break
            }
            write(tap.drain().items)
        }
        write(tap.drain().items)
        endPart()
    }

    private func write(_ items: [LiveTap.Item]) {
        guard !items.isEmpty || (writer?.waiting ?? 0) > 0 else { return }
        for item in items {
            switch item {
            case .tracks(let streams, let epoch):
                endPart()
                tracks = (epoch, streams)
            case .packet(let packet):
                add(packet)
            }
        }
        if let writer, !isBlocked { attempt { () throws(MediaError) in try writer.flush() } }
        if let writer, writer.part.bytes > 0 { spool.wrote(writer.part) }
    }

    private var isBlocked: Bool { blockedUntil.map { ContinuousClock.now < $0 } ?? false }

    private func add(_ packet: Packet) {
        guard let tracks, let time = packet.decodingTime, !isBlocked else { return }
        if let writer, isFull(writer, before: packet) { endPart() }
        if writer == nil {
            attempt { () throws(MediaError) in
                writer = try spool.makePart(epoch: tracks.epoch, streams: tracks.streams, start: time)
            }
        }
        writer?.append(packet)
    }

    private func isFull(_ writer: SpoolPartWriter, before packet: Packet) -> Bool {
        if writer.part.bytes + Int64(writer.waiting) >= Self.largestPart || writer.age >= spool.settings.longestPart {
            return true
        }
        let hasPicture = tracks?.streams.contains { $0.kind == .video } ?? false
        let mayBegin = hasPicture ? packet.kind == .video && packet.isKey : true
        return mayBegin && writer.age >= spool.settings.partSpan
    }

    private func endPart() {
        guard let ended = writer else { return }
        attempt { () throws(MediaError) in try ended.finish() }
        if ended.part.bytes > 0 { spool.wrote(ended.part) }
        writer = nil
    }

    /// Does something that needs room on the disk, making room as long as there are old parts.
    private func attempt(_ body: () throws(MediaError) -> Void) {
        while true {
            do throws(MediaError) {
                try body()
                blockedUntil = nil
                return
            } catch {
                if spool.failed(error) { continue }
                // What waits is given up, or memory would grow as long as the disk is full.
                writer = nil
                blockedUntil = ContinuousClock.now + Self.retry
                return
            }
        }
    }
}
