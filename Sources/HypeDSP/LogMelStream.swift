package import HypeCore

/// Converts audio blocks to log-mel frames as they arrive.
///
/// Frames run over block boundaries. At a break in the time stamps the remainder is dropped and framing starts anew, so
/// that no frame mixes sound from both sides.
package final class LogMelStream {
    private let frontEnd: LogMel
    private var clock = SampleClock()
    private var pending: [Float] = []

    /// Prepares the stream.
    ///
    /// - Throws: ``DSPError`` with code `.transformUnavailable`.
    package init() throws {
        frontEnd = try LogMel()
    }

    /// Takes a block and returns the frames that it completes.
    ///
    /// - Parameter block: The next samples; blocks may have any length.
    /// - Returns: Frames 10 ms apart, in order.
    package func push(_ block: AudioBlock) -> [LogMelFrame] {
        if clock.advance(over: block) != nil { pending.removeAll(keepingCapacity: true) }
        // The newest block's stamp dates the samples that wait before it, too: no drift over hours.
        let start = block.start - Self.duration(of: pending.count)
        pending += block.samples
        var frames: [LogMelFrame] = []
        var offset = 0
        while offset + LogMel.frameLength <= pending.count {
            let energies = frontEnd.frame(of: pending, at: offset)
            frames.append(LogMelFrame(time: start + Self.duration(of: offset), energies: energies))
            offset += LogMel.hop
        }
        pending.removeFirst(min(offset, pending.count))
        return frames
    }

    private static func duration(of samples: Int) -> Duration {
        .nanoseconds(Int64(samples) * 1_000_000_000 / Int64(AudioBlock.sampleRate))
    }
}
