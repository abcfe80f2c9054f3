import HypeCore
import HypeMedia

/// All sound of a recording, as our reader gives it.
struct Sound {
    var blocks: [AudioBlock]

    init(_ file: MediaFile, in interval: MediaInterval? = nil) throws {
        let reader = try AudioReader(file)
        if let interval { try reader.start(interval) }
        blocks = try reader.rest()
    }

    var sampleCount: Int { blocks.reduce(0) { $0 + $1.samples.count } }

    /// Media times at which loud stretches begin, in seconds.
    var onsets: [Double] {
        var onsets: [Double] = []
        var last = -Double.infinity
        for block in blocks {
            block.samples.withUnsafeBufferPointer { samples in
                var index = 0
                while index < samples.count {
                    let sample = samples[index]
                    if sample > 0.1 || sample < -0.1 {
                        let time = block.start.seconds + Double(index) / Double(AudioBlock.sampleRate)
                        if time - last > 0.3 { onsets.append(time) }
                        last = time
                    }
                    index += 1
                }
            }
        }
        return onsets
    }

    /// Whether each block begins where the one before ended.
    var isContinuous: Bool {
        zip(blocks.dropFirst(), blocks).allSatisfy { abs(($0.start - $1.end).nanoseconds) < 1000 }
    }

    /// Whether no block begins before the one before ended.
    var isMonotonic: Bool {
        zip(blocks.dropFirst(), blocks).allSatisfy { ($0.start - $1.end).nanoseconds > -1000 }
    }
}
