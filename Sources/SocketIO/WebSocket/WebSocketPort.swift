internal import NIOCore

/// The way to a WebSocket from any event loop.
struct WebSocketPort: Sendable {
    /// The number by which its session knows it.
    let number: UInt64
    private let handler: NIOLoopBound<WebSocketHandler>

    /// Creates the way to a handler; on the handler's event loop.
    init(number: UInt64, handler: WebSocketHandler, eventLoop: any EventLoop) {
        self.number = number
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
    }

    /// Writes frames; they leave with the next ``flush()``.
    func write(_ message: WireMessage, isVolatile: Bool) {
        perform { $0.write(message, isVolatile: isVolatile) }
    }

    /// Sends what was written.
    func flush() {
        perform { $0.flush() }
    }

    /// Does something, on the WebSocket's loop, once everything that was to be sent before is on its way.
    func afterFlush(_ body: @escaping @Sendable () -> Void) {
        perform { _ in body() }
    }

    /// Says goodbye and closes.
    func close(_ reason: SocketIODisconnectReason) {
        perform { $0.close(reason) }
    }

    private func perform(_ body: @escaping @Sendable (WebSocketHandler) -> Void) {
        let handler = handler
        if handler.eventLoop.inEventLoop {
            body(handler.value)
        } else {
            handler.eventLoop.execute { body(handler.value) }
        }
    }
}
