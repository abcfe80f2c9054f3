import Foundation
import HypeCore
import HypeEvents
import HypeLibrary
import HypeServer
import HypeStore
import HypeUploads
import Logging
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// The composition root of `hypeclip serve`: reads the surroundings once, chooses the parts, joins and runs them.
package struct ServerApp: Sendable {
    /// The version of the program.
    package static let version = "0.1.0"
    /// How long everything may take to end, once it was told to.
    private static let patience: Duration = .seconds(9)

    private let surroundings: Surroundings
    private var settings: ServeSettings { surroundings.settings }
    private var logger: Logger { surroundings.logger }

    /// Reads flags, environment and settings file.
    ///
    /// - Parameters:
    ///   - flags: What stood on the command line, by key of the setting.
    ///   - configFile: Path of a JSON settings file, or nil.
    ///   - isVerbose: Whether to log what developers want to know.
    /// - Throws: ``AppFailure`` with a report of all mistakes in the settings.
    package init(flags: [String: String], configFile: String?, isVerbose: Bool) async throws {
        surroundings = try await Surroundings(
            flags: flags,
            configFile: configFile,
            level: isVerbose ? .debug : .notice
        )
    }

    /// Runs until SIGTERM or SIGINT.
    ///
    /// - Parameter onListening: Called once with the address of the dashboard.
    /// - Throws: ``AppFailure`` where something that is needed cannot be had.
    package func run(onListening: @escaping @Sendable (String) -> Void) async throws {
        let folder = try DataFolder(path: surroundings.dataFolder)
        do {
            try await run(in: folder, onListening: onListening)
        } catch let error as ServerFailure {
            throw AppFailure(.failed, error.message)
        } catch {
            throw AppFailure(ofPart: error) ?? error
        }
    }

    private func run(in folder: borrowing DataFolder, onListening: @escaping @Sendable (String) -> Void) async throws {
        let started = ContinuousClock.now
        let studio = try await Studio(surroundings, folder: folder)
        let (store, events, library, uploads) = (studio.store, studio.events, studio.library, studio.uploads)
        let sessions = studio.sessions
        let desk = WorkerDesk(
            settings: studio.worker,
            pool: settings.pool(studio.worker),
            inventory: surroundings.installation.inventory,
            logger: logger
        )
        let (webhooks, sender) = webhooks(store: store, events: events)
        let data = folder.path
        let lowWater = ServeSettings.bytes(settings.lowDisk)
        let parts = ServerParts(
            sessions: sessions,
            clips: LibraryDesk(library: library),
            ingest: studio.ingest,
            account: studio.twitch,
            media: desk,
            health: ServerHealth(
                started: started,
                version: Self.version,
                sessions: sessions,
                desk: desk,
                store: store,
                inventory: surroundings.installation.inventory,
                disk: { ServerHealth.Disk(free: try? DiskSpace.free(at: data), lowWater: lowWater) }
            ),
            store: store,
            uploads: uploads,
            events: events,
            webhooks: webhooks
        )
        let scheme = settings.certificate.isEmpty ? "http" : "https"
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        let server = try HypeServer(settings: serverSettings, parts: parts, logger: logger) { port in
            onListening("\(scheme)://\(host):\(port)/")
        }
        let retention = RetentionService(
            library: library,
            store: store,
            events: events,
            shelf: studio.shelf,
            settings: retentionSettings,
            logger: logger,
            free: { try DiskSpace.free(at: data) }
        )
        let housekeeping = Housekeeping(
            store: store,
            uploads: uploads,
            sessions: sessions,
            events: .seconds(settings.eventDays * 86_400),
            unused: settings.uploadLimits.lifetime,
            interval: .seconds(600),
            logger: logger
        )
        // Ended in the opposite order: first nobody is let in any more, last the workers that read uploads go.
        var group = ServiceGroupConfiguration(
            services: [desk, housekeeping, sender, retention] + studio.services + [server],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = Self.patience
        defer { logger.notice("ended") }
        try await ServiceGroup(configuration: group).run()
        await store.close()
    }

    private func webhooks(store: any ClipStore, events: EventLog) -> (WebhookDesk, WebhookSender) {
        var limits = WebhookSettings()
        limits.allowsPrivate = settings.allowsPrivateWebhooks
        let group = MultiThreadedEventLoopGroup.singleton
        let resolver = SystemResolver(threads: .singleton, group: group)
        let sender = WebhookSender(
            store: store,
            events: events,
            transport: WebhookClient(settings: limits, resolver: resolver, group: group),
            settings: limits,
            logger: logger
        )
        let desk = WebhookDesk(store: store, settings: limits, resolver: resolver) { sender.wake() }
        return (desk, sender)
    }
}

// MARK: - Settings of the parts

extension ServerApp {
    private var serverSettings: ServerSettings {
        var server = ServerSettings()
        server.host = settings.host
        server.port = settings.port
        server.token = settings.token.revealed.isEmpty ? nil : settings.token.revealed
        if !settings.certificate.isEmpty {
            server.certificate = ServerSettings.Certificate(chain: settings.certificate, key: settings.key)
        }
        server.allowedOrigins = settings.origins
        server.allowedHosts = settings.names
        server.drain = .seconds(4)
        server.predictions = settings.predictions
        return server
    }

    private var retentionSettings: RetentionSettings {
        var retention = RetentionSettings()
        retention.clipAge = settings.clipAge > 0 ? .seconds(settings.clipAge * 86_400) : nil
        retention.clipCount = settings.clipCount > 0 ? settings.clipCount : nil
        retention.clipBytes = settings.clipSpace > 0 ? ServeSettings.bytes(settings.clipSpace) : nil
        retention.freeBytes = ServeSettings.bytes(settings.lowDisk)
        retention.keepsRecordings = settings.keepsRecordings
        return retention
    }
}
