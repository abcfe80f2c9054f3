/// A position on a stream's own clock.
///
/// Media time comes from presentation time stamps (PTS), never from the wall clock. It is kept in whole nanoseconds, so
/// a PTS in any timebase coarser than 2 ns survives the way there and back unchanged (see ``init(pts:timebase:)``).
package struct MediaTime: Hashable, Comparable, Sendable {
    /// Nanoseconds since the stream's time zero; negative before it.
    package var nanoseconds: Int64

    /// Creates a position from whole nanoseconds.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Creates a position from seconds, rounded to the nearest nanosecond and clamped to what fits (about ±292 years).
    ///
    /// - Parameter seconds: Seconds since the stream's time zero. NaN becomes zero.
    package init(seconds: Double) {
        self.nanoseconds = Int64(clampingNanoseconds: seconds * 1e9)
    }

    /// Creates a position from a presentation time stamp.
    ///
    /// - Parameters:
    ///   - pts: Time stamp in ticks.
    ///   - timebase: Length of one tick.
    package init(pts: Int64, timebase: Timebase) {
        self.nanoseconds = pts.rescaled(
            by: Int64(timebase.numerator) * 1_000_000_000,
            over: Int64(timebase.denominator)
        )
    }

    /// Time zero of the stream.
    package static let zero = MediaTime(nanoseconds: 0)

    /// Seconds since the stream's time zero.
    package var seconds: Double { Double(nanoseconds) / 1e9 }

    /// The time stamp nearest to this position in a timebase.
    package func pts(in timebase: Timebase) -> Int64 {
        nanoseconds.rescaled(by: Int64(timebase.denominator), over: Int64(timebase.numerator) * 1_000_000_000)
    }

    package static func < (left: MediaTime, right: MediaTime) -> Bool { left.nanoseconds < right.nanoseconds }
    package static func + (time: MediaTime, span: Duration) -> MediaTime {
        MediaTime(nanoseconds: time.nanoseconds &+ span.nanoseconds)
    }
    package static func - (time: MediaTime, span: Duration) -> MediaTime {
        MediaTime(nanoseconds: time.nanoseconds &- span.nanoseconds)
    }
    package static func - (left: MediaTime, right: MediaTime) -> Duration {
        .nanoseconds(left.nanoseconds &- right.nanoseconds)
    }
}

/// The length of one tick of a stream's time stamps, as a fraction of a second.
package struct Timebase: Hashable, Sendable, Codable {
    /// Numerator of the fraction, at least 1.
    package let numerator: Int32
    /// Denominator of the fraction, at least 1.
    package let denominator: Int32

    /// Creates a timebase; values below 1 become 1.
    package init(_ numerator: Int32, _ denominator: Int32) {
        self.numerator = max(1, numerator)
        self.denominator = max(1, denominator)
    }
}

extension MediaTime: Codable {
    /// Reads seconds, as they stand in every document.
    package init(from decoder: any Decoder) throws {
        self.init(seconds: try decoder.singleValueContainer().decode(Double.self))
    }

    /// Writes seconds.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }
}

extension Duration {
    /// Whole nanoseconds, truncated; clamped to what an `Int64` holds.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflowed ? (seconds < 0 ? .min : .max) : sum
    }

    /// Seconds as a floating-point number, for arithmetic and display inside one target.
    package var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}

extension Int64 {
    /// Nanoseconds from a floating-point number: NaN becomes 0, numbers out of range are clamped.
    fileprivate init(clampingNanoseconds value: Double) {
        guard !value.isNaN else {
            self = 0
            return
        }
        if value >= 9.2e18 {
            self = .max
        } else if value <= -9.2e18 {
            self = .min
        } else {
            self = Int64(value.rounded())
        }
    }

    /// `self * multiplier / divisor`, rounded to nearest (half away from zero) without overflow in between.
    fileprivate func rescaled(by multiplier: Int64, over divisor: Int64) -> Int64 {
        let product = Int128(self) * Int128(multiplier)
        let half = Int128(divisor) / 2
        let quotient = (product >= 0 ? product + half : product - half) / Int128(divisor)
        return Int64(clamping: quotient)
    }
}
