import HypeIngest
import HypeServer
import Logging
import ServiceLifecycle

/// Takes streams from encoders: knows the keys, starts a session where a stream arrives, and hands it to the session's worker.
actor IngestDesk: Service, StreamKeys {
    /// The application that encoders connect to.
    private static let application = "live"

    private let settings: IngestSettings?
    private let logger: Logger
    private var file: StreamKeyFile
    private var server: RTMPServer?
    private var sessions: (any LiveStarting)?
    /// Why nothing listens; nil while it does.
    private var fault: String?
    private var boundPort: Int?
    /// Those who wait until it is known whether anything listens.
    private var waiters: [CheckedContinuation<Void, Never>] = []
    /// Sessions by the name of the key that they run with.
    private var running: [String: String] = [:]

    /// Creates a desk.
    ///
    /// - Parameters:
    ///   - settings: Where to listen; nil to take no streams.
    ///   - keys: Path of the file with the keys.
    ///   - logger: For operators; never told a key.
    /// - Throws: ``AppFailure`` where the keys cannot be read.
    init(settings: IngestSettings?, keys: String, logger: Logger) throws {
        self.settings = settings
        self.logger = logger
        file = try StreamKeyFile(path: keys)
    }

    /// Says who starts sessions for streams that arrive; before that all are refused.
    func attach(_ sessions: any LiveStarting) {
        self.sessions = sessions
    }

    /// Listens until the program shuts down.
    ///
    /// A port that is taken is told and does not end the program.
    func run() async throws {
        guard let settings else {
            try? await gracefulShutdown()
            return
        }
        let server = RTMPServer(settings: settings, keys: self, logger: logger)
        self.server = server
        do {
            try await cancelWhenGracefulShutdown {
                async let serving: Void = server.run()
                await self.listening(on: try await server.port())
                try await serving
            }
        } catch {
            failed(error)
            try? await gracefulShutdown()
        }
        self.server = nil
    }

    private func listening(on port: Int) {
        boundPort = port
        wakeWaiters()
        logger.notice("streams are taken", metadata: ["address": "\(address(port))"])
    }

    private func failed(_ error: any Error) {
        server = nil
        defer { wakeWaiters() }
        fault = (error as? IngestFailure)?.message ?? "RTMP cannot listen"
        logger.error("no streams are taken", metadata: ["reason": "\(fault ?? "")"])
    }

    private func wakeWaiters() {
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    /// Decides about an encoder that wants to send; starts a session where none runs with its key.
    func session(app: String, key: StreamKey) async -> StreamKeyVerdict {
        guard let entry = file.entry(presenting: key) else { return .wrongKey }
        guard app == Self.application else {
            return .refused("The server's address ends with /\(Self.application), not /\(app).")
        }
        if let session = running[entry.name] { return .session(session) }
        guard let sessions else { return .refused("The server is still starting. Try again in some seconds.") }
        do {
            return .session(try await sessions.startStream(key: entry.name, channel: entry.channel))
        } catch {
            return .refused((error as? RequestFailure)?.message ?? "No session can be started now.")
        }
    }
}

/// Starts a session for a stream that arrives.
protocol LiveStarting: Sendable {
    /// Starts a session for a stream key.
    ///
    /// - Parameters:
    ///   - key: Name of the key.
    ///   - channel: The Twitch channel that belongs to it, or nil.
    /// - Returns: Identifier of the session.
    /// - Throws: ``RequestFailure`` where none can be started.
    func startStream(key: String, channel: String?) async throws -> String
}

// MARK: - For sessions

extension IngestDesk {
    /// What a session reads, and what it hears of its encoder.
    struct Line: Sendable {
        /// Path of the Unix socket that the worker reads from.
        var socket: String
        /// What happens to the stream.
        var events: AsyncStream<IngestEvent>
    }

    /// Prepares a line for a session.
    ///
    /// - Parameters:
    ///   - session: Identifier of the session.
    ///   - key: Name of the key with which the encoder will send.
    /// - Returns: The line.
    /// - Throws: ``RequestFailure`` where there is no such key, a session runs with it, or nothing listens.
    func open(_ session: String, key: String) async throws -> Line {
        guard file[key] != nil else { throw RequestFailure(.notFound, "There is no stream key “\(key)”.") }
        if let other = running[key] {
            throw RequestFailure(.conflict, "Session \(other) runs with the stream key “\(key)” already.")
        }
        guard let server else { throw closed }
        running[key] = session
        do {
            // The worker counts from the beginning of the session too, so that its clock and the front's are one.
            let socket = try await server.relay(for: session, start: .now)
            return Line(socket: socket, events: await server.events(for: session))
        } catch {
            running[key] = nil
            throw RequestFailure(.unavailable, (error as? IngestFailure)?.message ?? "The stream cannot be taken.")
        }
    }

    /// Ends a session's line; its encoder is told.
    func close(_ session: String) async {
        running = running.filter { $0.value != session }
        await server?.close(session)
    }

    /// The session that runs with a key, or nil.
    func session(withKey name: String) -> String? { running[name] }

    private var closed: RequestFailure {
        RequestFailure(.unsupported, fault ?? "No streams are taken: rtmp.port is 0. Set it to 1935 and start again.")
    }
}

// MARK: - For clients

extension IngestDesk {
    /// Where encoders connect to, once that is known.
    ///
    /// - Throws: ``RequestFailure`` where nothing listens.
    func ready() async throws -> IngestDocument {
        if boundPort == nil, fault == nil, settings != nil { await withCheckedContinuation { waiters.append($0) } }
        return try await ingest()
    }
}

extension IngestDesk: IngestControl {
    func ingest() async throws -> IngestDocument {
        guard let boundPort, fault == nil else { throw closed }
        return IngestDocument(url: address(boundPort), keys: file.entries.map(document))
    }

    func makeKey(_ name: String, channel: String?) async throws -> IngestDocument.Key {
        guard file[name] == nil else { throw RequestFailure(.conflict, "There is a stream key “\(name)” already.") }
        guard file.entries.count < StreamKeyFile.most else {
            throw RequestFailure(.conflict, "There are \(StreamKeyFile.most) stream keys; remove one first.")
        }
        return try store(StreamKeyFile.Entry(name: name, key: StreamKeyFile.newKey(), channel: channel))
    }

    func renewKey(_ name: String) async throws -> IngestDocument.Key {
        var entry = try entry(name)
        entry.key = StreamKeyFile.newKey()
        return try store(entry)
    }

    func setChannel(_ channel: String?, ofKey name: String) async throws -> IngestDocument.Key {
        var entry = try entry(name)
        entry.channel = channel
        return try store(entry)
    }

    func removeKey(_ name: String) async throws {
        _ = try entry(name)
        guard running[name] == nil else {
            throw RequestFailure(.conflict, "A stream runs with the key “\(name)”; stop its session first.")
        }
        do { try file.remove(name) } catch let failure as AppFailure {
            throw RequestFailure(.unavailable, failure.message)
        }
    }

    private func entry(_ name: String) throws -> StreamKeyFile.Entry {
        guard let entry = file[name] else { throw RequestFailure(.notFound, "There is no stream key “\(name)”.") }
        return entry
    }

    private func store(_ entry: StreamKeyFile.Entry) throws -> IngestDocument.Key {
        do { try file.set(entry) } catch let failure as AppFailure {
            throw RequestFailure(.unavailable, failure.message)
        }
        return document(of: entry)
    }

    private func document(of entry: StreamKeyFile.Entry) -> IngestDocument.Key {
        IngestDocument.Key(name: entry.name, key: entry.key, channel: entry.channel, session: running[entry.name])
    }

    private func address(_ port: Int) -> String {
        let host = settings?.host ?? "127.0.0.1"
        let shown = host.contains(":") ? "[\(host)]" : host
        return "rtmp://\(shown)\(port == 1935 ? "" : ":\(port)")/\(Self.application)"
    }
}
