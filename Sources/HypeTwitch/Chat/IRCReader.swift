import Foundation
import HypeChat
import NIOCore

/// Reads one channel over IRC until cancelled: the shell round ``IRCSession``.
actor IRCReader {
    /// What a reader says about itself.
    enum Report: Sendable {
        case joined
        case unavailable(reason: String)
        case lost(IRCLoss)
        /// The token is not taken; the reader goes on as a guest.
        case refused(reason: String)
    }

    /// Longest sleep between looks at the session's deadlines.
    private static let pulse: Duration = .milliseconds(250)

    private let address: ServiceAddress
    private let connector: SocketConnector
    private let deliver: @Sendable (ChatEvent) -> Void
    private let report: @Sendable (Report) -> Void
    private let start = ContinuousClock.now
    private var session: IRCSession
    private var handle: SocketHandle?
    private var socket: ChatSocket?
    /// Says that a connection is wanted; more than one such call counts as one.
    private let calls: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init(
        channel: TwitchChannelName,
        address: ServiceAddress,
        settings: IRCSessionSettings,
        connector: SocketConnector,
        deliver: @escaping @Sendable (ChatEvent) -> Void,
        report: @escaping @Sendable (Report) -> Void
    ) {
        self.address = address
        self.connector = connector
        self.deliver = deliver
        self.report = report
        session = IRCSession(channels: [channel], settings: settings, seed: .random(in: .min ... .max))
        (calls, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    private var now: Duration { ContinuousClock.now - start }

    /// What was seen so far.
    var counters: IRCCounters { session.counters }

    /// Reads until cancelled.
    func run(as identity: IRCIdentity) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tick() }
            perform(session.start(as: identity, at: now))
            for await _ in calls {
                let handle = SocketHandle()
                self.handle = handle
                let end = await connector.run(
                    address,
                    handle: handle,
                    opened: { socket in
                        guard self.handle === handle else { return }
                        self.socket = socket
                        perform(session.opened(at: now))
                    },
                    received: { bytes in
                        guard self.handle === handle else { return }
                        receive(bytes)
                    }
                )
                // A connection that the session gave up itself says nothing about the next one.
                guard self.handle === handle else { continue }
                self.handle = nil
                socket = nil
                perform(session.closed("\(end)", at: now))
            }
            group.cancelAll()
        }
    }

    private func tick() async {
        while !Task.isCancelled {
            perform(session.tick(at: now))
            let pause = session.nextDeadline.map { max(.milliseconds(1), $0 - now) } ?? Self.pulse
            try? await Task.sleep(for: min(pause, Self.pulse))
        }
    }

    private func receive(_ bytes: ByteBuffer) {
        let isMessage = if case .webSocket = address.language { true } else { false }
        let actions = bytes.withUnsafeReadableBytes {
            session.received($0, endsLine: isMessage, at: now, date: Date())
        }
        perform(actions)
    }

    private func perform(_ actions: [IRCSession.Action]) {
        for action in actions {
            switch action {
            case .connect: bell.yield()
            case .send(let line): socket?.send(line: line)
            case .sendPassword(let token): socket?.send(line: "PASS oauth:" + token.revealed)
            case .deliver(let event, _): deliver(event)
            case .joined: report(.joined)
            case .unavailable(_, let reason): report(.unavailable(reason: reason))
            case .lost(let loss): report(.lost(loss))
            case .disconnect:
                handle?.close()
                handle = nil
                socket = nil
            case .refused(let reason):
                report(.refused(reason: reason))
                perform(session.start(as: .anonymous, at: now))
            }
        }
    }
}
