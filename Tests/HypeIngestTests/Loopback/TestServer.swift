import Foundation
import HypeIngest
import Logging
import Testing

/// A server on loopback with one session `one`, whose key is `KEY`.
struct TestServer {
    let server: RTMPServer
    let keys: StreamKeyTable
    let port: Int
    /// Path of the session's socket.
    let socket: String
    let events: AsyncStream<IngestEvent>

    /// The address that encoders publish to.
    func address(key: String = "KEY", app: String = "live") -> String {
        "rtmp://127.0.0.1:\(port)/\(app)/\(key)"
    }

    /// Runs a server for as long as the body takes.
    static func with<Result: Sendable>(
        change: (inout IngestSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (TestServer) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.path + "/hype-ingest-\(UInt32.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var settings = IngestSettings(port: 0, socketFolder: folder)
        change(&settings)
        let keys = StreamKeyTable()
        keys.set(StreamKey("KEY"), for: "one")
        let server = RTMPServer(
            settings: settings,
            keys: keys,
            logger: Logger(label: "ingest") { _ in SwiftLogNoOpLogHandler() }
        )
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await server.run()
                return nil
            }
            let port = try await server.port()
            let socket = try await server.relay(for: "one")
            let events = await server.events(for: "one")
            group.addTask {
                try await body(
                    TestServer(server: server, keys: keys, port: port, socket: socket, events: events)
                )
            }
            var result: Result?
            while result == nil, let next = try await group.next() { result = next }
            group.cancelAll()
            try await group.waitForAll()
            return try #require(result)
        }
    }

    /// Waits for the first event that fits.
    func event<Value>(_ fits: (IngestEvent) -> Value?) async throws -> Value {
        for await event in events {
            if let value = fits(event) { return value }
        }
        throw Gone()
    }

    /// The events ended without the wanted one.
    struct Gone: Error {}
}
