import CFFmpeg
package import HypeCore

/// A track of a clip as it is written: every time stamp relative to the clip's start and fit for a muxer.
package struct ClipTrack: Sendable {
    /// What a muxer takes.
    package struct Entry: Sendable {
        package var bytes: PacketBytes
        /// Presentation time in ticks of the track's timebase; negative ones are hidden by the edit list.
        package var pts: Int64
        /// Decoding time in ticks, greater than that of the entry before and not after `pts`.
        package var dts: Int64
        /// Length in ticks.
        package var duration: Int64
        package var isKey: Bool
    }

    /// Codec and rotation.
    package let stream: StreamInfo
    /// Length of one tick.
    package let timebase: Timebase
    /// Packets in decoding order.
    package let entries: [Entry]

    /// Puts packets on the clip's clock.
    ///
    /// - Parameters:
    ///   - stream: The track.
    ///   - packets: Its packets in decoding order.
    ///   - epoch: The media time that becomes the clip's zero, common to all tracks.
    package init(stream: StreamInfo, packets: [Packet], epoch: MediaTime) {
        let parameters = stream.parameters.pointer.pointee
        let rate = parameters.sample_rate
        let countsSamples = stream.kind == .audio && rate > 0 && rate <= 768_000
        let timebase = countsSamples ? Timebase(1, rate) : stream.timebase
        let timed = packets.filter { $0.time != nil }
        var pts = timed.map { packet in ((packet.time ?? epoch) - epoch) }.map { timebase.ticks($0) }
        if countsSamples, parameters.frame_size > 0 {
            let step = Int64(parameters.frame_size)
            // Containers that stamp in milliseconds cannot name the exact sample; the codec's frame length can.
            let tolerance = (stream.timebase.ticks(.seconds(1)) >= Int64(rate)) ? 1 : Int64(rate) / 1000 + 1
            for index in pts.indices.dropFirst() where (pts[index] &- (pts[index - 1] &+ step)).magnitude <= tolerance {
                pts[index] = pts[index - 1] &+ step
            }
        }
        let dts = Self.decodingTimes(timed, pts: pts, epoch: epoch, timebase: timebase)
        self.stream = stream
        self.timebase = timebase
        entries = timed.indices.map { index in
            Entry(
                bytes: timed[index].bytes,
                pts: max(pts[index], dts[index]),
                dts: dts[index],
                duration: timebase.ticks(timed[index].timebase.span(timed[index].duration)),
                isKey: timed[index].isKey
            )
        }
    }

    /// The most bytes that the track needs in an MP4 file's index (the boxes `stsz`, `stsc`, `co64`, `stss`, `sdtp`,
    /// `stts` and `ctts`, where the last two count runs of equal values).
    var indexBound: Int {
        let steps = zip(entries.dropFirst(), entries).map { $0.dts &- $1.dts }
        let delays = entries.map { $0.pts &- $0.dts }
        func runs(_ values: [Int64]) -> Int { 2 + zip(values.dropFirst(), values).count { $0 != $1 } }
        let extradata = Int(stream.parameters.pointer.pointee.extradata_size)
        return 2048 + 2 * max(0, extradata) + entries.count * (4 + 12 + 8 + 4 + 1) + 8 * (runs(steps) + runs(delays))
    }

    /// Decoding times that rise strictly: the file's own where they do, else made from the order of presentation.
    private static func decodingTimes(
        _ packets: [Packet],
        pts: [Int64],
        epoch: MediaTime,
        timebase: Timebase
    ) -> [Int64] {
        let own = packets.compactMap { packet in
            packet.dts.map { timebase.ticks(MediaTime(pts: $0, timebase: packet.timebase) - epoch) }
        }
        let isSound = packets.first?.kind == .audio
        let isUsable =
            own.count == packets.count && zip(own.dropFirst(), own).allSatisfy { $0 > $1 }
            && zip(own, pts).allSatisfy { $0 <= $1 }
        var times: [Int64]
        if isSound {
            times = pts
        } else if isUsable {
            times = own
        } else {
            let sorted = pts.sorted()
            let delay = zip(sorted, pts).map { $0 &- $1 }.max() ?? 0
            times = sorted.map { $0 &- max(0, delay) }
        }
        for index in times.indices.dropFirst() { times[index] = max(times[index], times[index - 1] &+ 1) }
        return times
    }
}
