import HypeChat
import NIOCore

/// Reads one channel over EventSub until cancelled or given up: the shell round ``EventSubSession``.
actor EventSubReader {
    /// What a reader says about itself.
    enum Report: Sendable {
        /// The chat is read, but for these topics; why.
        case reading(without: [EventSubTopic: String])
        case lost(EventSubLoss)
    }

    private enum Command {
        case connect(socket: Int, url: String?)
        case subscribe(EventSubTopic, session: String)
        case giveUp(reason: String)
    }

    /// Longest sleep between looks at the session's deadlines.
    private static let pulse: Duration = .milliseconds(250)
    /// Commands that wait; a session gives a handful at a time.
    private static let mostCommands = 256

    private let broadcaster: String
    private let reader: String
    private let account: TwitchAccount
    private let connector: SocketConnector
    private let deliver: @Sendable (ChatEvent) -> Void
    private let report: @Sendable (Report) -> Void
    private let start = ContinuousClock.now
    private var session: EventSubSession
    private var handles: [Int: SocketHandle] = [:]
    private var missing: [EventSubTopic: String] = [:]
    private var isReady = false
    private let commands: AsyncStream<Command>
    private let commandSink: AsyncStream<Command>.Continuation

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - broadcaster: The channel's number.
    ///   - reader: Number of the account that reads.
    ///   - account: Gives tokens and settings.
    ///   - connector: Makes connections.
    ///   - deliver: Is told what happens in the chat.
    ///   - report: Is told how reading goes.
    init(
        broadcaster: String,
        reader: String,
        account: TwitchAccount,
        connector: SocketConnector,
        deliver: @escaping @Sendable (ChatEvent) -> Void,
        report: @escaping @Sendable (Report) -> Void
    ) {
        self.broadcaster = broadcaster
        self.reader = reader
        self.account = account
        self.connector = connector
        self.deliver = deliver
        self.report = report
        var settings = account.settings.eventSub
        settings.allowsPlainReconnect = account.settings.client.endpoints.eventSub.hasPrefix("ws://")
        session = EventSubSession(settings: settings, seed: .random(in: .min ... .max))
        (commands, commandSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.mostCommands))
    }

    private var now: Duration { ContinuousClock.now - start }

    /// What was seen so far.
    var counters: EventSubCounters { session.counters }

    /// Reads until cancelled or until it is clear that the chat cannot be had this way.
    ///
    /// - Returns: Why it was given up; nil where it was cancelled.
    func run() async -> String? {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tick() }
            perform(session.start(at: now))
            var reason: String?
            commands: for await command in commands {
                switch command {
                case .connect(let socket, let url):
                    let handle = SocketHandle()
                    handles[socket] = handle
                    group.addTask { await self.read(socket, url: url, handle: handle) }
                case .subscribe(let topic, let name):
                    group.addTask { await self.subscribe(topic, session: name) }
                case .giveUp(let why):
                    reason = why
                    break commands
                }
            }
            group.cancelAll()
            return reason
        }
    }

    private func tick() async {
        while !Task.isCancelled {
            perform(session.tick(at: now))
            let pause = session.nextDeadline.map { max(.milliseconds(1), $0 - now) } ?? Self.pulse
            try? await Task.sleep(for: min(pause, Self.pulse))
        }
    }

    private func read(_ socket: Int, url: String?, handle: SocketHandle) async {
        let end: SocketEnd
        do throws(TwitchFailure) {
            let address = try ServiceAddress(url ?? account.settings.client.endpoints.eventSub)
            end = await connector.run(
                address,
                handle: handle,
                opened: { _ in },
                received: { bytes in
                    perform(bytes.withUnsafeReadableBytes { session.received($0, socket: socket, at: now) })
                }
            )
        } catch {
            end = .failed(error.message)
        }
        handles[socket] = nil
        if Task.isCancelled { return }
        let loss: EventSubLoss =
            switch end {
            case .closed(let code): .closed(EventSubCloseCode(code))
            case .ended, .failed: .broken("\(end)")
            }
        perform(session.closed(socket: socket, loss, at: now))
    }

    private func subscribe(_ topic: EventSubTopic, session name: String) async {
        let helix = TwitchHelix(client: account.settings.client)
        let outcome: EventSubOutcome
        do throws(TwitchFailure) {
            let reply = try await account.send { [broadcaster, reader] token in
                helix.subscribe(to: topic, broadcaster: broadcaster, reader: reader, session: name, token: token)
            }
            outcome = EventSubOutcome(reply)
        } catch {
            outcome = error.isTemporary ? .temporary(error.message) : .refused(error.message)
        }
        perform(session.subscribed(topic, session: name, outcome, at: now))
    }

    private func perform(_ actions: [EventSubSession.Action]) {
        for action in actions {
            switch action {
            case .connect(let socket, let url): commandSink.yield(.connect(socket: socket, url: url))
            case .subscribe(let topic, let name): commandSink.yield(.subscribe(topic, session: name))
            case .disconnect(let socket): handles[socket]?.close()
            case .deliver(let event): deliver(event)
            case .ready:
                isReady = true
                report(.reading(without: missing))
            case .limited(let topic, let reason):
                missing[topic] = reason
                if isReady { report(.reading(without: missing)) }
            case .lost(let loss):
                isReady = false
                missing = [:]
                report(.lost(loss))
            case .giveUp(let reason): commandSink.yield(.giveUp(reason: reason))
            }
        }
    }
}
