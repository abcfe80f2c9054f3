import Foundation
import HypeCore
import HypeEvents
import HypeIngest
import HypeLibrary
import HypeStore
import HypeStoreMongo
import HypeUploads
import HypeWorkerLink
import Logging
import ServiceLifecycle

/// The parts that watch streams and keep clips, joined: with a server around them (`serve`) or without (`watch`).
struct Studio: Sendable {
    /// Where documents are kept.
    let store: any ClipStore
    /// What happens.
    let events: EventLog
    /// Where clips go.
    let library: ClipLibrary
    /// What clients sent.
    let uploads: UploadStore
    /// Recordings among it.
    let shelf: UploadLibrary
    /// How workers are started.
    let worker: WorkerSettings
    /// The connection to Twitch.
    let twitch: TwitchDesk
    /// Takes streams from encoders.
    let ingest: IngestDesk
    /// Starts and stops sessions.
    let sessions: SessionManager

    /// Opens the store and joins the parts; nothing runs yet.
    ///
    /// - Parameters:
    ///   - surroundings: Settings, installation and log.
    ///   - folder: Where everything is kept.
    /// - Throws: ``AppFailure``, `StoreError` or `UploadError` where something that is needed cannot be had.
    init(_ surroundings: Surroundings, folder: borrowing DataFolder) async throws {
        let (settings, logger) = (surroundings.settings, surroundings.logger)
        store = try await Self.openStore(settings, in: folder)
        events = EventLog(store: store, logger: logger)
        library = ClipLibrary(folder: LibraryFolder(data: folder.path), store: store, events: events, logger: logger)
        uploads = UploadStore(folder: folder.uploads, limits: settings.uploadLimits)
        try await uploads.sweep()
        for leftover in [folder.work, folder.spools] { try? FileManager.default.removeItem(atPath: leftover) }
        shelf = UploadLibrary(uploads: uploads)
        worker = surroundings.installation.workerSettings
        twitch = TwitchDesk(
            settings: settings.twitch,
            makesClips: settings.twitchClips,
            folder: folder.twitch,
            logger: logger
        )
        ingest = try IngestDesk(settings: settings.ingest, keys: folder.streamKeys, logger: logger)
        let base = SessionRun.Context(
            store: store,
            library: library,
            events: events,
            worker: worker,
            moments: surroundings.moments,
            parallelism: ProcessInfo.processInfo.activeProcessorCount,
            workFolder: folder.work,
            logger: logger
        )
        sessions = SessionManager(
            live: LiveRun.Context(
                base: base,
                spoolFolder: folder.spools,
                spoolBytes: ServeSettings.bytes(settings.spool),
                ringSpan: .seconds(settings.ring),
                allowsPrivate: settings.allowsPrivateStreams,
                memory: ChannelMemory(folder: folder.channels)
            ),
            library: shelf,
            ingest: ingest,
            chats: twitch,
            options: SessionManager.Options(
                mostRunning: settings.mostSessions,
                mostLive: settings.mostLive,
                faces: settings.watchesFaces ? .continuous : .onDemand,
                patience: .seconds(settings.patience)
            )
        )
        await ingest.attach(sessions)
    }

    private static func openStore(
        _ settings: ServeSettings,
        in folder: borrowing DataFolder
    ) async throws -> any ClipStore {
        switch settings.store {
        case .sqlite: return try SQLiteStore(path: folder.database)
        case .mongodb:
            guard let address = MongoAddress(settings.storeURL.revealed) else {
                throw AppFailure(
                    .failed,
                    "store.url must read like mongodb://user:password@host:27017/hypeclip; see docs/store.md"
                )
            }
            let mongo = MongoSettings(address: address, eventLifetime: .seconds(settings.eventDays * 86_400))
            return try await MongoStore.open(mongo)
        }
    }

    /// What has to run while sessions do; ended in the opposite order.
    var services: [any Service] { [twitch, ingest, sessions] }
}

extension AppFailure {
    /// The failure that an error of one of the parts means for a person; nil for others.
    init?(ofPart error: any Error) {
        switch error {
        case let error as StoreError: self.init(.failed, error.message)
        case let error as LibraryFailure: self.init(.failed, error.message)
        case let error as UploadError: self.init(.failed, error.message)
        default: return nil
        }
    }
}

extension ServeSettings {
    static func bytes(_ gibibytes: Double) -> Int64 { Int64(gibibytes * 1_073_741_824) }

    /// What uploads may be.
    var uploadLimits: UploadLimits {
        var limits = UploadLimits()
        limits.bytes = Self.bytes(largestUpload)
        limits.reserve = Self.bytes(lowDisk)
        limits.idle = .seconds(uploadPause)
        limits.whole = .seconds(24 * 3600)
        return limits
    }

    /// Where RTMP listens; nil where no streams are taken.
    ///
    /// Sockets have short paths, so they lie in the system's folder for temporary files.
    var ingest: IngestSettings? {
        guard takesRTMP else { return nil }
        let number = ProcessInfo.processInfo.processIdentifier
        let sockets = FileManager.default.temporaryDirectory.path + "/hypeclip-\(number)"
        return IngestSettings(host: rtmpHost, port: rtmpPort, socketFolder: sockets)
    }
}
