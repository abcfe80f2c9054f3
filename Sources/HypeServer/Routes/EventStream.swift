import AsyncAlgorithms
import HTTPTypes
import HummingbirdCore
package import HypeCore
import HypeEvents
package import NIOCore
import ServiceLifecycle

/// Server-Sent Events: what happens, as it happens, until the client goes or the server ends.
///
/// Nothing is buffered here: a client that takes nothing holds its own subscription up, whose queue is bounded, and ends with it.
package struct EventStream: Sendable {
    /// The media type of the answer.
    static let mediaType = "text/event-stream"

    private enum Item: Sendable {
        case event(EventRecord)
        case quiet
        case end
    }

    let subscription: EventSubscription
    let measures: ServerMeasures
    let keepAlive: Duration
    let clock: any Clock<Duration>
    let peer: Peer

    /// The answer.
    var response: Response {
        Response(
            status: .ok,
            headers: [.contentType: Self.mediaType, .cacheControl: "no-store"],
            body: ResponseBody { writer in
                measures.stream(1)
                defer { measures.stream(-1) }
                peer.whenGone { [subscription] in subscription.cancel() }
                try await withGracefulShutdownHandler {
                    try await write(to: &writer, clock: clock)
                } onGracefulShutdown: { [subscription] in
                    subscription.cancel()
                }
                try await writer.finish(nil)
            }
        )
    }

    /// One event as it is sent; gauges have no number.
    package static func frame(_ record: EventRecord) -> ByteBuffer {
        var buffer = ByteBuffer()
        if record.id > 0 { buffer.writeString("id: \(record.id)\n") }
        buffer.writeString("event: \(record.kind.rawValue)\n")
        for line in record.payload.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            buffer.writeString("data: ")
            buffer.writeBytes(line)
            buffer.writeString("\n")
        }
        buffer.writeString("\n")
        return buffer
    }

    @concurrent
    private func write(to writer: inout any ResponseBodyWriter, clock: some Clock<Duration>) async throws {
        // Tells browsers to come back after 2 s, and makes them see that the stream is open.
        try await writer.write(ByteBuffer(string: "retry: 2000\n: open\n\n"))
        let events = chain(subscription.map { Item.event($0) }, [Item.end].async)
        let quiet = AsyncTimerSequence(interval: keepAlive, clock: clock).map { _ in Item.quiet }
        do {
            for try await item in merge(events, quiet) {
                switch item {
                case .event(let record):
                    try await writer.write(Self.frame(record))
                    measures.count(.events)
                case .quiet:
                    try await writer.write(ByteBuffer(string: ": still here\n\n"))
                case .end:
                    return
                }
            }
        } catch let failure as EventFailure {
            measures.count(.droppedSubscribers)
            try await writer.write(ByteBuffer(string: ": \(failure.message)\n\n"))
        }
    }
}
