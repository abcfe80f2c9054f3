package import HypeCore

/// Which parts a spool has, which of them hold a stretch, and which go when it is full.
///
/// A pure decision; derived from the files, and never written itself.
package struct SpoolIndex: Sendable {
    /// One file of the spool.
    package struct Part: Hashable, Sendable {
        /// Number in the order of writing, which names the file.
        package var number: Int
        /// How often the tracks had changed before.
        package var epoch: Int
        /// Earliest decoding time.
        package var start: MediaTime
        /// Latest end of a packet.
        package var end: MediaTime
        /// Presentation time of the first key frame (without picture: of the first packet), or nil where it has none.
        package var firstKey: MediaTime?
        /// Size in bytes.
        package var bytes: Int64

        /// Creates a part.
        package init(
            number: Int,
            epoch: Int,
            start: MediaTime,
            end: MediaTime,
            firstKey: MediaTime?,
            bytes: Int64
        ) {
            self.number = number
            self.epoch = epoch
            self.start = start
            self.end = end
            self.firstKey = firstKey
            self.bytes = bytes
        }
    }

    /// Sound around a picture lies up to this far from it in the order of packets.
    static let interleaving = Duration.seconds(2)

    /// The parts in the order of writing.
    package private(set) var parts: [Part] = []
    /// Bytes of all parts.
    package private(set) var bytes: Int64 = 0

    /// Creates an empty index.
    package init() {}

    /// When the oldest part begins, or nil while there is none.
    package var start: MediaTime? { parts.first?.start }
    /// The number of the next part.
    package var nextNumber: Int { (parts.last?.number ?? 0) + 1 }

    /// Takes in a new part, or what became of the last one.
    package mutating func update(_ part: Part) {
        if let last = parts.last, last.number == part.number {
            bytes += part.bytes - last.bytes
            parts[parts.count - 1] = part
        } else {
            bytes += part.bytes
            parts.append(part)
        }
    }

    /// Forgets the oldest part.
    ///
    /// - Returns: The part, or nil where only the one that is being written is left.
    package mutating func removeOldest() -> Part? {
        guard parts.count > 1 else { return nil }
        let oldest = parts.removeFirst()
        bytes -= oldest.bytes
        return oldest
    }

    /// Forgets parts until the rest has no more than a number of bytes; the one that is being written always stays.
    ///
    /// - Parameter limit: Bytes that the spool may have.
    /// - Returns: What has to be deleted, oldest first.
    package mutating func evict(toBytes limit: Int64) -> [Part] {
        var evicted: [Part] = []
        while bytes > limit, let oldest = removeOldest() { evicted.append(oldest) }
        return evicted
    }

    /// The stretches that are there, one for each epoch, in order.
    package var epochs: [(epoch: Int, interval: MediaInterval)] {
        parts.reduce(into: []) { epochs, part in
            let interval = MediaInterval(start: part.start, end: part.end)
            if let last = epochs.last, last.epoch == part.epoch {
                epochs[epochs.count - 1].interval = last.interval.union(interval)
            } else {
                epochs.append((part.epoch, interval))
            }
        }
    }

    /// The parts that a stretch needs: from the last key frame before it to its end, with the sound around.
    ///
    /// - Parameters:
    ///   - interval: The stretch.
    ///   - epoch: Which tracks.
    /// - Returns: The parts in order; they begin without a key frame only where the spool does.
    package func parts(for interval: MediaInterval, epoch: Int) -> [Part] {
        let mine = parts.filter { $0.epoch == epoch }
        guard let last = mine.lastIndex(where: { $0.start <= interval.end + Self.interleaving }) else { return [] }
        let key = mine[...last].lastIndex { $0.firstKey.map { $0 <= interval.start } ?? false }
        var first = key ?? mine[...last].firstIndex { $0.end > interval.start } ?? last
        let heard = interval.start - Self.interleaving
        while first > 0, mine[first - 1].end > heard { first -= 1 }
        return Array(mine[first...last])
    }

    /// The parts that hold the last stretch of the newest epoch.
    ///
    /// - Parameters:
    ///   - span: Media time that is wanted.
    ///   - limit: Bytes that are not exceeded, as far as one part allows.
    /// - Returns: The parts in order.
    package func tail(span: Duration, bytes limit: Int64) -> [Part] {
        guard let newest = parts.last else { return [] }
        let end = parts.lazy.filter { $0.epoch == newest.epoch }.map(\.end).max() ?? newest.end
        var tail: [Part] = []
        var sum: Int64 = 0
        for part in parts.reversed() {
            guard part.epoch == newest.epoch, end - part.end < span, tail.isEmpty || sum + part.bytes <= limit else {
                break
            }
            sum += part.bytes
            tail.append(part)
        }
        return tail.reversed()
    }
}
