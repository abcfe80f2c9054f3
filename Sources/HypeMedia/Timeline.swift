import HypeCore

/// What one pass over all packets of a file found: its true extent, its jumps and where decoding can begin.
///
/// Made for containers that do not carry a reliable index (MPEG-TS, MPEG-PS, FLV, bare audio): libavformat's seeking
/// lands late there, and their time stamps may start over in the middle.
struct Timeline: Sendable {
    /// A place where decoding can begin.
    struct Entry: Hashable, Sendable {
        /// Presentation time of the packet, after repair.
        var time: MediaTime
        /// Byte position of the packet in the file.
        var position: Int64
    }

    /// From a byte position on, what has to be added to a stream's time stamps.
    struct Epoch: Hashable, Sendable {
        var position: Int64
        var offset: Duration
    }

    /// The stretch that all packets cover, after repair.
    private(set) var interval = MediaInterval(start: .zero, end: .zero)
    /// Key frames of the picture in file order, or one sound packet per second where there is no picture.
    private(set) var entries: [Entry] = []
    /// Number of jumps that were repaired.
    var jumps: Int { repair.jumps }

    private var epochs: [Int: [Epoch]] = [:]
    private var repair = TimestampRepair(limits: .file)
    private var isEmpty = true

    /// Takes the next packet of the file.
    ///
    /// - Parameters:
    ///   - packet: The packet with the time stamps that stand in the file.
    ///   - stream: Index of its stream.
    ///   - position: Its byte position, below 0 where unknown.
    ///   - seekable: Whether a reader may want to start here.
    mutating func add(_ packet: Packet, stream: Int, position: Int64, seekable: Bool) {
        guard let raw = packet.decodingTime, let time = packet.time, let end = packet.end else { return }
        let offset = repair.offset(
            stream: stream,
            decodingTime: raw,
            duration: packet.timebase.span(packet.duration)
        )
        if position >= 0, (epochs[stream]?.last?.offset ?? .zero) != offset {
            epochs[stream, default: []].append(Epoch(position: position, offset: offset))
        }
        let covered = MediaInterval(start: time + offset, end: end + offset)
        interval = isEmpty ? covered : interval.union(covered)
        isEmpty = false
        guard seekable, position >= 0 else { return }
        let entry = Entry(time: covered.start, position: position)
        if let last = entries.last {
            guard entry.position > last.position, entry.time > last.time else { return }
            if packet.kind == .audio, entry.time - last.time < .seconds(1) { return }
        }
        entries.append(entry)
    }

    /// The last place at or before a time where decoding can begin.
    func entry(atOrBefore time: MediaTime) -> Entry? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? entries[low - 1] : nil
    }

    /// Whether time stamps have to be changed at all.
    var hasEpochs: Bool { !epochs.isEmpty }

    /// What has to be added to the time stamps of a packet, or nil where its position does not say.
    func offset(stream: Int, position: Int64) -> Duration? {
        guard position >= 0 else { return nil }
        return epochs[stream]?.last { $0.position <= position }?.offset ?? .zero
    }
}
