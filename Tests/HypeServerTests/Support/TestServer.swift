import Foundation
import HypeCore
import HypeEvents
import HypeServer
import HypeStore
import HypeUploads
import Logging
import ServiceLifecycle
import StoreDouble
import TestSupport

/// A server that runs on loopback while a test asks it things.
struct TestServer {
    let client: TestClient
    let store: InMemoryStore
    let events: EventLog
    let server: HypeServer
    let parts: ServerParts
    let group: ServiceGroup
    let log: LogCollector
    let folder: URL

    /// Runs a server for a test, on a free port, and ends it gracefully.
    static func run<Result>(
        _ settings: ServerSettings = ServerSettings(),
        media: FakeMedia = FakeMedia(),
        health: FakeHealth = FakeHealth(),
        clock: any Clock<Duration> = ContinuousClock(),
        identity: TestIdentity? = nil,
        _ test: (TestServer) async throws -> Result
    ) async throws -> Result {
        var settings = settings
        settings.port = 0
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hype-server-\(RequestID.make())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        if let files = try identity?.write(to: folder) {
            settings.certificate = ServerSettings.Certificate(chain: files.certificate, key: files.key)
        }
        let video = folder.appendingPathComponent("clip.mp4")
        try Data((0..<1000).map { UInt8($0 % 251) }).write(to: video)
        let log = LogCollector()
        let store = InMemoryStore()
        let events = EventLog(store: store, logger: log.logger())
        let parts = ServerParts(
            sessions: FakeSessions(),
            clips: FakeClips(store: store, path: video.path),
            ingest: FakeIngest(),
            account: FakeAccount(),
            media: media,
            health: health,
            store: store,
            uploads: UploadStore(folder: folder.appendingPathComponent("uploads").path, limits: limits),
            events: events,
            webhooks: WebhookDesk(store: store, settings: WebhookSettings(), resolver: NoNames(), wake: {})
        )
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let server = try HypeServer(
            settings: settings,
            parts: parts,
            logger: log.logger(),
            clock: clock,
            onListening: { continuation.yield($0) }
        )
        let group = ServiceGroup(services: [server], gracefulShutdownSignals: [], logger: log.logger())
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { continuation.finish() }
                try await group.run()
            }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else {
                try await tasks.waitForAll()
                throw TestFailure("the server ended before it listened")
            }
            let running = TestServer(
                client: TestClient(port: port, tls: try identity?.clientContext()),
                store: store,
                events: events,
                server: server,
                parts: parts,
                group: group,
                log: log,
                folder: folder
            )
            do {
                let result = try await test(running)
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return result
            } catch {
                tasks.cancelAll()
                throw error
            }
        }
    }

    private static var limits: UploadLimits {
        var limits = UploadLimits()
        limits.reserve = 1 << 20
        limits.bytes = 64 << 20
        return limits
    }
}

/// Knows the address of no name.
struct NoNames: HostResolver {
    func addresses(of host: String, within limit: Duration) async throws(WebhookFailure) -> [IPAddress] { [] }
}
