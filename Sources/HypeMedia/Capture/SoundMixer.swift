package import HypeCore

/// Mixes the sound of devices on one line of samples.
///
/// Every device puts its samples where they belong; blocks of fixed length come out in order and without a gap. A block
/// comes as soon as all devices have reached its end, at the latest after ``patience``; what is missing then is silence,
/// and what comes too late is left out. No clock runs in here, and no more than ``capacity`` per device is held.
package struct SoundMixer: Sendable {
    /// A block of samples.
    package struct Block: Sendable {
        /// Number of the first sample; its time is this over ``SoundMixer/rate``.
        package let start: Int64
        /// Everything together, in [-1, 1].
        ///
        /// Shape `[SoundMixer.blockSize, 2]`.
        package let mix: [Float]
        /// The microphone alone.
        ///
        /// Shape `[SoundMixer.blockSize]`; empty without a microphone.
        package let voice: [Float]
    }

    /// What happened to samples so far, per channel.
    package struct Counts: Hashable, Sendable {
        /// Samples that were missing and became silence.
        package var missing: Int64 = 0
        /// Samples that came too late or too many.
        package var dropped: Int64 = 0
    }

    private struct Line {
        let channels: Int
        /// Number of the first sample that is held.
        var start: Int64
        /// Interleaved.
        var samples: [Float] = []
        var end: Int64 { start + Int64(samples.count / channels) }
    }

    /// Samples per second.
    package static let rate = 48_000
    /// Samples per channel in a block, as many as AAC has in a frame.
    package static let blockSize = 1024
    /// How long a block is waited for.
    package static let patience = Duration.milliseconds(200)
    /// How much of a device's sound is held.
    package static let capacity = Duration.seconds(2)

    private var lines: [CaptureRole: Line]
    private var next: Int64?
    /// What happened so far, by device.
    package private(set) var counts: [CaptureRole: Counts]

    /// Creates a mixer for the microphone, the desktop sound, or both.
    package init(_ roles: [CaptureRole]) {
        let heard = roles.filter { !$0.isPicture }
        lines = Dictionary(
            uniqueKeysWithValues: heard.map { ($0, Line(channels: Self.channels(of: $0), start: 0)) }
        )
        counts = Dictionary(uniqueKeysWithValues: heard.map { ($0, Counts()) })
    }

    /// Channels that a device's samples come with: 1 for the microphone, else 2.
    package static func channels(of role: CaptureRole) -> Int { role == .microphone ? 1 : 2 }

    /// Number of the sample at a time.
    package static func position(of time: MediaTime) -> Int64 { time.pts(in: Timebase(1, Int32(rate))) }

    /// Time of a sample.
    package static func time(of position: Int64) -> MediaTime {
        MediaTime(pts: position, timebase: Timebase(1, Int32(rate)))
    }

    /// Takes samples of a device.
    ///
    /// - Parameters:
    ///   - samples: Interleaved samples. Shape `[count, SoundMixer.channels(of: role)]`.
    ///   - role: The device.
    ///   - start: Number of the first sample.
    package mutating func add(_ samples: [Float], of role: CaptureRole, at start: Int64) {
        guard var line = lines[role], !samples.isEmpty else { return }
        lines[role] = nil
        defer { lines[role] = line }
        var start = start
        var skipped = 0
        // What was mixed already cannot be changed, and what is there is not written over.
        let floor = max(next ?? start, line.samples.isEmpty ? .min : line.end)
        if start < floor {
            skipped = min(samples.count / line.channels, Int(clamping: floor - start))
            counts[role]?.dropped += Int64(skipped)
            start += Int64(skipped)
        }
        guard skipped < samples.count / line.channels else { return }
        let limit = Int64(Self.capacity.inSeconds * Double(Self.rate))
        if line.samples.isEmpty || start - line.end > limit {
            line.start = start
            line.samples.removeAll(keepingCapacity: true)
        } else if start > line.end {
            let gap = Int(start - line.end)
            counts[role]?.missing += Int64(gap)
            line.samples.append(contentsOf: repeatElement(0, count: gap * line.channels))
        }
        line.samples.append(contentsOf: samples[(skipped * line.channels)...])
        let surplus = line.samples.count / line.channels - Int(limit)
        if surplus > 0 {
            counts[role]?.dropped += Int64(surplus)
            line.samples.removeFirst(surplus * line.channels)
            line.start += Int64(surplus)
        }
    }

    /// Takes the next block that is due.
    ///
    /// - Parameter now: The time.
    /// - Returns: The block; nil where it is not due yet.
    package mutating func take(at now: MediaTime) -> Block? {
        let latest = Self.position(of: now - Self.patience)
        guard let start = next else {
            next = max(0, latest)
            return nil
        }
        let size = Int64(Self.blockSize)
        guard latest >= start + size || lines.values.allSatisfy({ $0.end >= start + size && !$0.samples.isEmpty })
        else { return nil }
        if latest - start > Int64(Self.capacity.inSeconds * Double(Self.rate)) {
            // The machine slept: silence for hours is of no use to anybody.
            next = latest
            return nil
        }
        next = start + size
        var mix = [Float](repeating: 0, count: Self.blockSize * 2)
        var voice: [Float] = []
        for role in [CaptureRole.microphone, .desktopSound] {
            guard let part = takeLine(role, from: start) else { continue }
            Self.mix(part, channels: Self.channels(of: role), into: &mix)
            if role == .microphone { voice = part }
        }
        Self.limit(&mix)
        return Block(start: start, mix: mix, voice: voice)
    }

    /// When the next block is due at the latest.
    package var deadline: MediaTime {
        Self.time(of: (next ?? 0) + Int64(Self.blockSize)) + Self.patience
    }

    private mutating func takeLine(_ role: CaptureRole, from start: Int64) -> [Float]? {
        guard var line = lines[role] else { return nil }
        lines[role] = nil
        defer { lines[role] = line }
        let channels = line.channels
        let wanted = Self.blockSize
        let lead = line.samples.isEmpty ? wanted : Int(clamping: max(0, line.start - start))
        let before = line.samples.isEmpty ? 0 : Int(clamping: max(0, start - line.start))
        let held = line.samples.count / channels - before
        let count = max(0, min(wanted - lead, held))
        counts[role]?.missing += Int64(wanted - count)
        if count == wanted {
            let part = Array(line.samples[before * channels..<(before + wanted) * channels])
            line.samples.removeFirst((before + wanted) * channels)
            line.start += Int64(before + wanted)
            return part
        }
        guard count > 0 else { return [Float](repeating: 0, count: wanted * channels) }
        var part = [Float](repeating: 0, count: lead * channels)
        part += line.samples[before * channels..<(before + count) * channels]
        part += [Float](repeating: 0, count: (wanted - lead - count) * channels)
        line.samples.removeFirst((before + count) * channels)
        line.start += Int64(before + count)
        return part
    }

    private static func mix(_ part: [Float], channels: Int, into mix: inout [Float]) {
        part.withUnsafeBufferPointer { part in
            mix.withUnsafeMutableBufferPointer { mix in
                var index = 0
                while index < blockSize {
                    mix[index * 2] += part[index * channels]
                    mix[index * 2 + 1] += part[index * channels + channels - 1]
                    index += 1
                }
            }
        }
    }

    /// Bends what exceeds full scale softly: from 0.8 on the curve flattens and never reaches 1.
    private static func limit(_ mix: inout [Float]) {
        mix.withUnsafeMutableBufferPointer { mix in
            var index = 0
            while index < mix.count {
                let value = mix[index]
                let size = abs(value)
                if size > 0.8 {
                    let above = (size - 0.8) / 0.2
                    let bent = 0.8 + 0.2 * above / (1 + above)
                    mix[index] = value < 0 ? -bent : bent
                } else if value.isNaN {
                    mix[index] = 0
                }
                index += 1
            }
        }
    }
}
