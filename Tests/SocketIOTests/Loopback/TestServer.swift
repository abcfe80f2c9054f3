import NIOCore
import NIOPosix
import SocketIO

/// Runs a test against a server on a free port, and ends the server afterwards.
func withServer(
    loops: Int = 2,
    _ change: (inout SocketIOConfiguration) -> Void = { _ in },
    setUp: (SocketIOServer) -> Void = { serveSuite($0.namespace("/")) },
    _ body: (Int, SocketIOServer) async throws -> Void
) async throws {
    var configuration = SocketIOConfiguration()
    change(&configuration)
    let server = SocketIOServer(configuration: configuration)
    setUp(server)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
    let listener = try await SocketIOHTTPServer.start(server, group: group)
    do {
        try await body(listener.port, server)
    } catch {
        await listener.shutdown()
        try await group.shutdownGracefully()
        throw error
    }
    await listener.shutdown()
    try await group.shutdownGracefully()
}

/// The events that most tests use.
func serveSuite(_ namespace: SocketIONamespace) {
    namespace.onConnection { socket in
        socket.on("echo") { arguments, _ in socket.emit("echoed", values: arguments) }
        socket.on("ack") { arguments, ack in ack.answer(arguments) }
        socket.on("join") { arguments, ack in
            for room in arguments.compactMap(\.string) { socket.join(room) }
            ack()
        }
        socket.on("say") { arguments, _ in
            socket.to(arguments.first?.string ?? "").emit("said", values: Array(arguments.dropFirst()))
        }
    }
}

/// What a test waits for from a handler that runs on another thread.
struct Signal<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let continuation: AsyncStream<Value>.Continuation

    init() {
        // Unbounded: a test takes all that it provokes.
        (stream, continuation) = AsyncStream.makeStream(of: Value.self)
    }

    func send(_ value: Value) { continuation.yield(value) }

    /// The next value.
    func next() async -> Value? {
        for await value in stream { return value }
        return nil
    }
}
