internal import NIOCore

/// The way to a session from any event loop.
struct EngineHandle: Sendable {
    /// The session's id.
    let id: String
    /// The session itself, confined to its event loop.
    let connection: NIOLoopBound<EngineConnection>

    /// The loop that the session lives on.
    var eventLoop: any EventLoop { connection.eventLoop }

    /// Runs a closure on the session's loop: at once when called there.
    func perform(_ body: @escaping @Sendable (EngineConnection) -> Void) {
        let connection = connection
        if connection.eventLoop.inEventLoop {
            body(connection.value)
        } else {
            connection.eventLoop.execute { body(connection.value) }
        }
    }
}
