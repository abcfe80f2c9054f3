import HypeCore
import HypeMedia
import HypeWorkerLink

/// Opens the source of a live request.
struct LiveOpening: Sendable {
    let request: LiveRequest
    let devices: LiveDevices

    /// Opens the source.
    ///
    /// - Parameters:
    ///   - front: The end of what was recorded before.
    ///   - interrupt: The switch that ends all calls.
    /// - Returns: The open source.
    /// - Throws: ``MediaError``: `.sourceLost` where it may be tried again.
    func open(after front: MediaTime?, interrupt: MediaInterrupt) throws(MediaError) -> any LiveInput {
        let clock = SessionClock(origin: request.origin)
        if case .capture(let wish) = request.source {
            return try devices.open(wish, clock: clock, isFirst: front == nil, interrupt: interrupt)
        }
        return try LiveDemuxer(try address(), clock: clock, after: front, interrupt: interrupt)
    }

    /// How long the source may be silent before it is opened anew; nil for sources that say so themselves.
    var patience: Duration? { (try? address())?.patience }

    private func address() throws(MediaError) -> LiveAddress {
        switch request.source {
        case .relay(let socket): .relay(socket: socket)
        case .url(let text): try .url(text, mayBePrivate: request.allowsPrivateHosts)
        case .file(let path): try .file(path)
        case .capture: throw MediaError(.cannotOpen, "Devices have no address.")
        }
    }
}
