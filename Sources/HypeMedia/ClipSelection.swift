package import HypeCore

/// Which packets a clip consists of, and what a viewer sees first and last.
///
/// A pure decision. The clip starts at the picture that is shown at the wanted start, so that no sound is shifted
/// against it, and carries everything from the key frame before.
package struct ClipSelection: Sendable {
    /// Packets in file order.
    package let packets: [Packet]
    /// What is shown and heard: from a picture's presentation time to the end of the last one.
    package let interval: MediaInterval

    /// Sound packets kept before the one that straddles the start, for decoders that lean on them; they are hidden.
    static let soundLeadIn = 2

    /// Chooses packets; nil where none of the wanted stretch is there.
    ///
    /// - Parameters:
    ///   - available: Packets in file order.
    ///   - wish: The wanted stretch.
    package init?(from available: [Packet], wish: MediaInterval) {
        let timed = available.enumerated().compactMap { index, packet in
            packet.time.map { Entry(index: index, packet: packet, time: $0) }
        }
        let picture = timed.filter { $0.packet.kind == .video }
        let tracks = Dictionary(grouping: timed.filter { $0.packet.kind == .audio }, by: \.packet.track).values
        let sound = tracks.map { Self.withEnds($0, within: wish) }
        let shown: [Entry]
        // Pictures that cannot be decoded for want of a key frame are no reason to lose the sound.
        if picture.contains(where: { $0.packet.isKey }) {
            guard let (entries, interval) = Self.picture(picture, wish: wish) else { return nil }
            self.interval = interval
            shown = entries
        } else {
            let starts = sound.lazy.compactMap(\.first?.time)
            let ends = sound.lazy.compactMap(\.last?.end)
            guard let first = starts.min(), let last = ends.max() else { return nil }
            guard let interval = MediaInterval(start: first, end: last).intersection(wish) else { return nil }
            self.interval = interval
            shown = []
        }
        let interval = self.interval
        let heard = sound.flatMap { Self.sound($0, in: interval) }
        packets = (shown + heard).sorted { $0.index < $1.index }.map(\.packet)
    }

    private struct Entry {
        var index: Int
        var packet: Packet
        var time: MediaTime
        var end: MediaTime

        init(index: Int, packet: Packet, time: MediaTime) {
            self.index = index
            self.packet = packet
            self.time = time
            end = packet.end ?? time
        }
    }

    private static func picture(_ all: [Entry], wish: MediaInterval) -> ([Entry], MediaInterval)? {
        guard let firstKey = all.firstIndex(where: { $0.packet.isKey }) else { return nil }
        let decodable = withEnds(all[firstKey...].filter { $0.time >= all[firstKey].time }, within: wish)
        guard decodable.contains(where: { $0.end > wish.start && $0.time < wish.end }) else { return nil }
        let start =
            decodable.lazy.map(\.time).filter { $0 <= wish.start }.max() ?? decodable.lazy.map(\.time).min()
            ?? wish.start
        let keys = decodable.indices.filter { decodable[$0].packet.isKey && decodable[$0].time <= start }
        // Where only decoding times are known, the picture shown at the start may belong to the group before.
        let isOrderKnown = decodable.allSatisfy { $0.packet.pts != nil }
        guard let key = isOrderKnown ? keys.last : keys.suffix(2).first else { return nil }
        // Pictures that follow the key frame in the file but are shown before it lean on the group before.
        let usable = decodable[key...].filter { $0.time >= decodable[key].time }
        guard var last = usable.lastIndex(where: { $0.time < wish.end }) else { return nil }
        // A picture that was sent early for others to lean on is shown last: fill up to it, or it would be shown early.
        if let latest = usable[...last].lazy.map(\.time).max(),
            let filler = usable.lastIndex(where: { $0.time < latest })
        {
            last = max(last, filler)
        }
        let chosen = Array(usable[...last])
        let end = chosen.lazy.map(\.end).max() ?? start
        return (chosen, MediaInterval(start: start, end: end))
    }

    private static func sound(_ all: [Entry], in interval: MediaInterval) -> [Entry] {
        guard let first = all.firstIndex(where: { $0.end > interval.start }) else { return [] }
        var begin = first
        while begin > 0, first - begin < soundLeadIn {
            let gap = all[begin].time - all[begin - 1].end
            guard abs(gap.nanoseconds) < 5_000_000 else { break }
            begin -= 1
        }
        return all[begin...].filter { $0.time < interval.end }
    }

    /// The same packets, each with an end.
    ///
    /// Where the file gives no duration, the usual distance of packets stands in; a picture that stands longer than the
    /// wanted stretch, or claims to in a damaged file, ends with it.
    private static func withEnds(_ entries: [Entry], within wish: MediaInterval) -> [Entry] {
        let times = entries.map(\.time).sorted()
        let steps = zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 > .zero }.sorted()
        let usual = steps.isEmpty ? .milliseconds(40) : min(steps[steps.count / 2], .seconds(1))
        return entries.map { entry in
            var bounded = entry
            let declared = entry.packet.duration == 0 ? entry.time + usual : entry.end
            bounded.end = max(entry.time, min(declared, max(entry.time + usual, wish.end)))
            return bounded
        }
    }
}
