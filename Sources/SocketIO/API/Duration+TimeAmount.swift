internal import NIOCore

extension Duration {
    /// The same time as NIO counts it; what does not fit becomes the longest it can count.
    var timeAmount: TimeAmount {
        let (seconds, attoseconds) = components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return .nanoseconds(seconds < 0 ? 0 : .max / 4) }
        return .nanoseconds(min(nanoseconds, .max / 4) + attoseconds / 1_000_000_000)
    }
}
