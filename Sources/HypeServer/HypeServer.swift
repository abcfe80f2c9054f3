import Foundation
import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import SocketIO

/// The HTTP server: the API, the event stream, the media and the dashboard.
///
/// `docs/api.md` describes what it answers. Runs once.
package struct HypeServer: Service {
    /// Connections that may wait to be accepted; with fewer, a thousand clients at once run into repeated SYNs.
    private static let backlog = 4096

    /// What is counted.
    package let measures: ServerMeasures
    /// Everything that can be asked for.
    package let routes: [Route]

    private let settings: ServerSettings
    private let connection: HTTPConnection
    private let feed: SocketFeed
    private let predictions: PredictionDesk
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// Prepares a server; nothing happens before ``run()``.
    ///
    /// - Parameters:
    ///   - settings: Where it listens, who may use it, limits.
    ///   - parts: What it asks to fulfil requests.
    ///   - logger: Hears of each request, never of secrets.
    ///   - clock: Tells how much time passes, for rates, log-ins and comments on quiet event streams.
    ///   - onListening: Called with the port once requests are answered.
    /// - Throws: ``ServerFailure`` where a setting is wrong or the certificate cannot be used.
    package init(
        settings: ServerSettings,
        parts: ServerParts,
        logger: Logger,
        clock: some Clock<Duration> = ContinuousClock(),
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws(ServerFailure) {
        try settings.validate()
        let gatekeeper = Gatekeeper(settings, clock: clock)
        let measures = ServerMeasures()
        let policy = AccessPolicy(settings)
        feed = SocketFeed(
            settings: settings,
            door: SocketDoor(policy: policy, gatekeeper: gatekeeper),
            log: parts.events,
            sessions: parts.sessions,
            logger: logger
        )
        predictions = PredictionDesk(parts: parts, settings: settings.predictions, clock: clock, logger: logger)
        let catalogue = RouteCatalogue(
            parts: parts,
            gatekeeper: gatekeeper,
            measures: measures,
            sockets: feed.io,
            predictions: predictions,
            forms: FormGate(settings.predictions),
            limits: settings.predictions,
            keepAlive: settings.keepAlive,
            clock: clock
        )
        let dispatcher = Dispatcher(
            table: RouteTable(catalogue.routes),
            policy: policy,
            gatekeeper: gatekeeper,
            measures: measures,
            documentLimit: settings.documentBytes,
            documentTime: settings.idle,
            logger: logger
        )
        self.measures = measures
        self.settings = settings
        self.logger = logger
        self.onListening = onListening
        routes = catalogue.routes
        connection = HTTPConnection(
            dispatcher: dispatcher,
            settings: settings,
            tls: try settings.certificate.map(ServerCertificate.context),
            sockets: feed.io
        )
    }

    /// Answers requests until the task is cancelled or told to end gracefully.
    ///
    /// Told to end, it takes no new connections, ends event streams and sockets, and lets running requests finish for
    /// ``ServerSettings/drain``.
    ///
    /// - Throws: ``ServerFailure`` where the address cannot be listened on, or requests were cut off at the end.
    package func run() async throws {
        let server = Server(
            childChannelSetup: connection,
            configuration: ServerConfiguration(
                address: .hostname(settings.host, port: settings.port),
                backlog: Self.backlog,
                availableConnectionsDelegate: .maximum(settings.connections, logger: logger)
            ),
            onServerRunning: { [onListening] channel in await onListening(channel.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
        let drain = settings.drain
        try await withThrowingTaskGroup(of: Bool?.self) { group in
            group.addTask {
                try await run(server)
                return true
            }
            group.addTask {
                await feed.run()
                return nil
            }
            group.addTask {
                await predictions.run()
                return nil
            }
            group.addTask {
                try await gracefulShutdown()
                await feed.io.shutdown()
                return nil
            }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: drain)
                return false
            }
            defer { group.cancelAll() }
            while let outcome = try await group.next() {
                guard let isInOrder = outcome else { continue }
                if isInOrder { return }
                throw ServerFailure(.unfinished, "Requests that took longer than \(drain) after the end were cut off.")
            }
        }
    }

    private func run(_ server: Server<HTTPConnection>) async throws {
        do {
            try await server.run()
        } catch let error as IOError {
            throw ServerFailure(
                .address,
                "\(settings.host):\(settings.port) cannot be listened on (\(error)). Is another server running? "
                    + "Choose another port.",
                cause: error
            )
        }
    }
}

extension HypeServer: CustomStringConvertible {
    /// Where it listens, and nothing else: service groups put their services into the log, and the settings hold the token.
    package var description: String { "HypeServer on \(settings.host):\(settings.port)" }
}
