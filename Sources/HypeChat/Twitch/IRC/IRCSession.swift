package import Foundation

/// Reads the chat of channels over IRC: a pure state machine for one connection after the other.
///
/// The shell tells it what happened and does what it answers, in order. Times are spans since any fixed instant on a
/// clock that never jumps. Follows <https://dev.twitch.tv/docs/chat/irc/>.
package struct IRCSession: Sendable {
    /// What the shell is to do.
    package enum Action: Hashable, Sendable {
        /// Connect, then tell ``IRCSession/opened(at:)`` or ``IRCSession/closed(_:at:)``.
        case connect
        /// Send a line; the line ending is still to be added.
        case send(String)
        /// Send `PASS oauth:` with the token.
        case sendPassword(TwitchSecret)
        /// Tell what happened in a channel.
        case deliver(ChatEvent, channel: String)
        /// A channel is being read from now on.
        case joined(channel: String)
        /// A channel cannot be read for now; why. Joining it is tried again.
        case unavailable(channel: String, reason: String)
        /// The connection is lost; why. The next attempt follows by itself.
        case lost(IRCLoss)
        /// Close the connection if there still is one; nothing is to be told about it.
        case disconnect
        /// The server does not take the token; nothing more happens until ``IRCSession/start(as:at:)``.
        case refused(reason: String)
    }

    private enum State {
        case idle
        case waiting(until: Duration)
        case connecting(deadline: Duration)
        case loggingIn(deadline: Duration)
        case ready(since: Duration)
    }

    private enum Membership {
        case outside(retryAt: Duration)
        case asked(deadline: Duration)
        case inside
    }

    private struct Channel {
        let name: String
        var membership = Membership.outside(retryAt: .zero)
    }

    /// What was seen so far.
    package private(set) var counters = IRCCounters()

    private let settings: IRCSessionSettings
    private var identity = IRCIdentity.anonymous
    private var state = State.idle
    private var channels: [Channel]
    private var budget: JoinBudget
    private var backoff: ReconnectBackoff
    private var recent: RecentSet<ChatMessageID>
    private var buffer: LineBuffer
    private var lastHeard = Duration.zero
    private var pingSent: Duration?
    private var nick = ""

    /// Creates a session.
    ///
    /// - Parameters:
    ///   - channels: The channels to read.
    ///   - settings: Limits and times.
    ///   - seed: Of the random part of pauses and of the guest's nick.
    package init(channels: [TwitchChannelName], settings: IRCSessionSettings = IRCSessionSettings(), seed: UInt64) {
        self.settings = settings
        self.channels = channels.map { Channel(name: $0.text) }
        budget = JoinBudget(count: settings.joinsPerWindow, window: settings.joinWindow)
        backoff = ReconnectBackoff(settings: settings.backoff, seed: seed)
        recent = RecentSet(capacity: settings.rememberedMessages)
        buffer = LineBuffer(longest: settings.longestLine)
    }

    /// When ``tick(at:)`` has something to do next, at the latest; nil where only an event can go on.
    package var nextDeadline: Duration? {
        switch state {
        case .idle: nil
        case .waiting(let until): until
        case .connecting(let deadline), .loggingIn(let deadline): deadline
        case .ready:
            channels.reduce(pingSent.map { $0 + settings.pongLimit } ?? lastHeard + settings.silence) {
                earliest,
                channel in
                switch channel.membership {
                case .inside: earliest
                case .asked(let deadline): min(earliest, deadline)
                case .outside(let retryAt): min(earliest, max(retryAt, budget.nextChance(at: retryAt)))
                }
            }
        }
    }

    // MARK: Events

    /// Begins to read, or goes on as somebody else after a refusal.
    package mutating func start(as identity: IRCIdentity, at now: Duration) -> [Action] {
        self.identity = identity
        return connect(at: now)
    }

    /// The connection stands.
    package mutating func opened(at now: Duration) -> [Action] {
        guard case .connecting(let deadline) = state else { return [] }
        state = .loggingIn(deadline: deadline)
        lastHeard = now
        pingSent = nil
        buffer.reset()
        var actions = [Action.send("CAP REQ :twitch.tv/tags twitch.tv/commands")]
        switch identity {
        case .anonymous:
            nick = "justinfan\(10_000 + backoff.number(below: 90_000))"
        case .account(let login, let token):
            nick = login.lowercased()
            actions.append(.sendPassword(token))
        }
        return actions + [.send("NICK \(nick)")]
    }

    /// The connection could not be made or ended by itself.
    ///
    /// - Parameters:
    ///   - reason: What the network says.
    ///   - now: The time.
    /// - Returns: What to do.
    package mutating func closed(_ reason: String, at now: Duration) -> [Action] {
        switch state {
        case .idle, .waiting: []
        case .connecting, .loggingIn, .ready: lose(.broken(reason), at: now)
        }
    }

    /// Bytes came.
    ///
    /// - Parameters:
    ///   - bytes: What came; any bytes at all.
    ///   - endsLine: Whether a line ends with them even without a line ending, as with a WebSocket message.
    ///   - now: The time.
    ///   - date: The wall clock, for lines that do not say when the server received them.
    /// - Returns: What to do.
    package mutating func received(
        _ bytes: UnsafeRawBufferPointer,
        endsLine: Bool,
        at now: Duration,
        date: Date
    ) -> [Action] {
        switch state {
        case .loggingIn, .ready: break
        case .idle, .waiting, .connecting: return []
        }
        lastHeard = now
        pingSent = nil
        var actions: [Action] = []
        var buffer = self.buffer
        var oversized = 0
        bytes.withMemoryRebound(to: UInt8.self) { bytes in
            buffer.lines(of: bytes, endsLine: endsLine, oversized: &oversized) { line in
                handle(line, at: now, date: date, into: &actions)
            }
        }
        counters.oversized += oversized
        self.buffer = buffer
        return actions
    }

    /// Time went by.
    package mutating func tick(at now: Duration) -> [Action] {
        switch state {
        case .idle: return []
        case .waiting(let until): return now >= until ? connect(at: now) : []
        case .connecting(let deadline), .loggingIn(let deadline):
            return now >= deadline ? lose(.loginTooSlow, at: now) : []
        case .ready(let since):
            if now - since >= settings.backoff.soundAfter { backoff.succeeded() }
            if let pingSent {
                if now - pingSent >= settings.pongLimit { return lose(.silent, at: now) }
                return join(at: now)
            }
            guard now - lastHeard >= settings.silence else { return join(at: now) }
            pingSent = now
            return [.send("PING :hypeclip")] + join(at: now)
        }
    }

    // MARK: Lines

    private mutating func handle(_ bytes: ByteSlice, at now: Duration, date: Date, into actions: inout [Action]) {
        // Lines that stand behind one that ended the connection are not heard any more.
        switch state {
        case .loggingIn, .ready: break
        case .idle, .waiting, .connecting: return
        }
        guard !bytes.isEmpty else { return }
        counters.lines += 1
        guard let line = IRCLine(bytes) else {
            counters.bad += 1
            return
        }
        switch TwitchLine.reading(line) {
        case .chat(let chat): deliver(chat, of: line, date: date, into: &actions)
        case .ignored: break
        case .bad: counters.bad += 1
        case .other: handleCommand(line, at: now, into: &actions)
        }
    }

    private mutating func deliver(_ chat: TwitchLine, of line: IRCLine, date: Date, into actions: inout [Action]) {
        var parameter = 0
        guard let name = channelName(line.nextParameter(&parameter)) else {
            counters.bad += 1
            return
        }
        if let id = chat.id, !recent.insert(id) {
            counters.repeated += 1
            return
        }
        let event = ChatEvent(
            sent: chat.sentTime?.date ?? date,
            userID: chat.userID,
            displayName: chat.displayName,
            text: chat.text,
            kind: chat.kind,
            id: chat.id
        )
        actions.append(.deliver(event, channel: name))
    }

    private mutating func handleCommand(_ line: IRCLine, at now: Duration, into actions: inout [Action]) {
        var position = 0
        let first = line.nextParameter(&position)
        if line.verb.equals("PING") {
            // A lone carriage return within the payload must not end our line early.
            let payload = (first ?? ByteSlice.none).filter { $0 != 0x0d }
            actions.append(.send("PONG :" + String(decoding: payload, as: UTF8.self)))
        } else if line.verb.equals("001") {
            guard case .loggingIn = state else { return }
            state = .ready(since: now)
            for index in channels.indices { channels[index].membership = .outside(retryAt: now) }
            actions += join(at: now)
        } else if line.verb.equals("RECONNECT") {
            actions += lose(.serverAsked, at: now)
        } else if line.verb.equals("CAP") {
            if let answer = line.nextParameter(&position), answer.equals("NAK") {
                actions += lose(.capabilitiesRefused, at: now)
            }
        } else if line.verb.equals("JOIN") || line.verb.equals("ROOMSTATE") || line.verb.equals("366") {
            let name = line.verb.equals("366") ? line.nextParameter(&position) : first
            noteJoined(name, into: &actions)
        } else if line.verb.equals("NOTICE") {
            handleNotice(line, channel: first, text: line.nextParameter(&position), at: now, into: &actions)
        } else if !line.isTwitchCommand {
            counters.bad += 1
        }
    }

    private mutating func noteJoined(_ parameter: ByteSlice?, into actions: inout [Action]) {
        guard case .ready = state, let name = channelName(parameter),
            let index = channels.firstIndex(where: { $0.name == name })
        else { return }
        if case .inside = channels[index].membership { return }
        channels[index].membership = .inside
        actions.append(.joined(channel: name))
    }

    private mutating func handleNotice(
        _ line: IRCLine,
        channel: ByteSlice?,
        text: ByteSlice?,
        at now: Duration,
        into actions: inout [Action]
    ) {
        let words = text?.text ?? ""
        if case .loggingIn = state {
            // Before the welcome a notice has one meaning: the password or the nick is not taken.
            guard channel?.equals("*") == true else { return }
            state = .idle
            actions += [.disconnect, .refused(reason: words)]
        } else if let name = channelName(channel), let index = channels.firstIndex(where: { $0.name == name }),
            Self.shutsOut(TwitchTags(line.tags).noticeID)
        {
            channels[index].membership = .outside(retryAt: now + settings.rejoinPause)
            actions.append(.unavailable(channel: name, reason: words))
        }
    }

    /// Whether a notice says that a channel cannot be read.
    private static func shutsOut(_ notice: ByteSlice) -> Bool {
        notice.equals("msg_channel_suspended") || notice.equals("msg_banned") || notice.equals("tos_ban")
            || notice.equals("msg_room_not_found")
    }

    /// The name of one of our channels, given as `#name`.
    private func channelName(_ parameter: ByteSlice?) -> String? {
        guard let parameter, parameter.first == UInt8(ascii: "#") else { return nil }
        let name = parameter.slice(1, .max)
        return channels.first { $0.name.utf8.elementsEqual(name) }?.name
    }

    // MARK: The connection

    private mutating func connect(at now: Duration) -> [Action] {
        state = .connecting(deadline: now + settings.loginLimit)
        return [.connect]
    }

    private mutating func lose(_ loss: IRCLoss, at now: Duration) -> [Action] {
        if case .ready(let since) = state, now - since >= settings.backoff.soundAfter { backoff.succeeded() }
        counters.losses += 1
        pingSent = nil
        state = .waiting(until: now + backoff.failed())
        return [.disconnect, .lost(loss)]
    }

    /// Joins what is outside and may be joined now, and gives up joins that nobody answered.
    private mutating func join(at now: Duration) -> [Action] {
        var actions: [Action] = []
        for index in channels.indices {
            switch channels[index].membership {
            case .inside: break
            case .asked(let deadline) where now >= deadline:
                channels[index].membership = .outside(retryAt: now + settings.rejoinPause)
                let reason = "the chat server did not let us in; is the channel's name right?"
                actions.append(.unavailable(channel: channels[index].name, reason: reason))
            case .asked: break
            case .outside(let retryAt):
                guard now >= retryAt, budget.take(at: now) else { continue }
                channels[index].membership = .asked(deadline: now + settings.joinLimit)
                actions.append(.send("JOIN #\(channels[index].name)"))
            }
        }
        return actions
    }
}

extension ClockReading {
    /// The wall-clock time; nil for a time on another clock.
    var date: Date? {
        guard case .unix(let nanoseconds) = self else { return nil }
        return Date(timeIntervalSince1970: Double(nanoseconds) / 1e9)
    }
}
