import HypeCore

/// Reads the chat of a channel over EventSub's WebSocket: a pure state machine for one session after the other.
///
/// The shell tells it what happened and does what it answers, in order. Times are spans since any fixed instant on a
/// clock that never jumps; how old an event is, is told by Twitch's own time stamps, so a wrong clock of this machine
/// loses nothing. Follows <https://dev.twitch.tv/docs/eventsub/handling-websocket-events/>.
package struct EventSubSession: Sendable {
    /// What the shell is to do.
    package enum Action: Hashable, Sendable {
        /// Open a connection; to the configured address where the URL is nil, else to exactly this one.
        case connect(socket: Int, url: String?)
        /// Close a connection if it is still open; nothing is to be told about it.
        case disconnect(socket: Int)
        /// Ask for a topic, then tell ``EventSubSession/subscribed(_:session:_:at:)``.
        case subscribe(EventSubTopic, session: String)
        /// Tell what happened.
        case deliver(ChatEvent)
        /// Everything that can be had is subscribed.
        case ready
        /// A topic that one can do without cannot be had; why.
        case limited(EventSubTopic, reason: String)
        /// The session is lost; why. The next attempt follows by itself.
        case lost(EventSubLoss)
        /// Chat cannot be had this way; why. Nothing more happens until ``EventSubSession/start(at:)``.
        case giveUp(reason: String)
    }

    private struct Socket {
        let number: Int
        var isWelcome = false
        var deadline: Duration
        var patience: Duration
    }

    /// What was seen so far.
    package private(set) var counters = EventSubCounters()

    private let settings: EventSubSessionSettings
    private let topics: [EventSubTopic]
    private var backoff: ReconnectBackoff
    private var current: Socket?
    /// The connection that the server has us move to; the current one is read until this one is welcomed.
    private var successor: Socket?
    private var retryAt: Duration?
    private var session = ""
    private var ledger = TopicLedger()
    private var welcomed: Duration?
    private var nextNumber = 0
    private var recentNotifications: RecentSet<ChatMessageID>
    private var recentMessages: RecentSet<ChatMessageID>
    /// Twitch's time and ours at the same instant.
    private var anchor: (platform: Int64, local: Duration)?

    /// Creates a session.
    ///
    /// - Parameters:
    ///   - topics: What to subscribe.
    ///   - settings: Limits and times.
    ///   - seed: Of the random part of pauses.
    package init(
        topics: [EventSubTopic] = EventSubTopic.allCases,
        settings: EventSubSessionSettings = EventSubSessionSettings(),
        seed: UInt64
    ) {
        self.topics = topics
        self.settings = settings
        backoff = ReconnectBackoff(settings: settings.backoff, seed: seed)
        recentNotifications = RecentSet(capacity: settings.rememberedMessages)
        recentMessages = RecentSet(capacity: settings.rememberedMessages)
    }

    /// When ``tick(at:)`` has something to do next, at the latest; nil where only an event can go on.
    package var nextDeadline: Duration? {
        [retryAt, current?.deadline, successor?.deadline, current == nil ? nil : ledger.nextRetry].compactMap(\.self)
            .min()
    }

    // MARK: Events

    /// Begins to read, or begins anew after giving up.
    package mutating func start(at now: Duration) -> [Action] {
        stop() + connect(at: now)
    }

    /// Bytes of one WebSocket message came.
    ///
    /// - Parameters:
    ///   - bytes: The message; any bytes at all.
    ///   - number: The connection it came over.
    ///   - now: The time.
    /// - Returns: What to do.
    package mutating func received(_ bytes: UnsafeRawBufferPointer, socket number: Int, at now: Duration) -> [Action] {
        guard current?.number == number || successor?.number == number else { return [] }
        counters.messages += 1
        let message = bytes.withMemoryRebound(to: UInt8.self) { EventSubMessage($0) }
        hear(from: number, at: now)
        guard let message else {
            counters.bad += 1
            return []
        }
        switch message.content {
        case .keepalive, .unknown: return []
        case .welcome(let session, let keepalive):
            if let sent = message.sent { anchor = (sent, now) }
            return welcome(number, session: session, keepaliveSeconds: keepalive, at: now)
        case .reconnect(let url): return move(from: number, to: url, at: now)
        case .notification(let event): return notify(message, event, at: now)
        case .revocation(let type, let status):
            guard isNew(message) else { return [] }
            return revoke(type, status)
        }
    }

    /// A connection could not be made or ended by itself.
    ///
    /// - Parameters:
    ///   - number: The connection.
    ///   - loss: Why.
    ///   - now: The time.
    /// - Returns: What to do.
    package mutating func closed(socket number: Int, _ loss: EventSubLoss, at now: Duration) -> [Action] {
        if successor?.number == number {
            successor = nil
            return current == nil ? lose(loss, at: now) : []
        }
        guard current?.number == number else { return [] }
        current = nil
        // Where the old connection ended before the new one was welcomed, what counts is the new one.
        return successor == nil ? lose(loss, at: now) : []
    }

    /// An attempt to subscribe is answered.
    ///
    /// - Parameters:
    ///   - topic: What was asked for.
    ///   - session: The session it was asked for; an answer for a session that is over says nothing.
    ///   - outcome: The answer.
    ///   - now: The time.
    /// - Returns: What to do.
    package mutating func subscribed(
        _ topic: EventSubTopic,
        session: String,
        _ outcome: EventSubOutcome,
        at now: Duration
    ) -> [Action] {
        guard session == self.session, ledger.isAsked(topic) else { return [] }
        var actions: [Action] = []
        switch outcome {
        case .accepted: ledger.accept(topic)
        case .temporary: ledger.postpone(topic, by: settings.subscribePause, at: now)
        case .refused(let reason):
            if topic.isRequired { return giveUp(reason) }
            ledger.refuse(topic)
            actions.append(.limited(topic, reason: reason))
        }
        return ledger.isSettled ? actions + [.ready] : actions
    }

    /// Time went by.
    package mutating func tick(at now: Duration) -> [Action] {
        if let retryAt, now >= retryAt { return connect(at: now) }
        if let welcomed, now - welcomed >= settings.backoff.soundAfter { backoff.succeeded() }
        var actions: [Action] = []
        if let successor, now >= successor.deadline {
            actions.append(.disconnect(socket: successor.number))
            actions += closed(socket: successor.number, .noWelcome, at: now)
        }
        if let current, now >= current.deadline {
            actions.append(.disconnect(socket: current.number))
            return actions + closed(socket: current.number, current.isWelcome ? .silent : .noWelcome, at: now)
        }
        if current != nil {
            actions += ledger.takeDue(at: now).map { .subscribe($0, session: session) }
        }
        return actions
    }

    // MARK: Messages

    /// Puts the time off at which a connection is taken for dead.
    private mutating func hear(from number: Int, at now: Duration) {
        if current?.number == number, let patience = current?.patience, current?.isWelcome == true {
            current?.deadline = now + patience
        }
    }

    private mutating func welcome(_ number: Int, session: String, keepaliveSeconds: Int?, at now: Duration) -> [Action]
    {
        let keepalive = keepaliveSeconds.map { Duration.seconds(min(max(1, $0), 600)) } ?? settings.keepalive
        var actions: [Action] = []
        if let next = successor, next.number == number {
            if let old = current { actions.append(.disconnect(socket: old.number)) }
            current = next
            successor = nil
            counters.moves += 1
            // The subscriptions move by themselves; asking again would be refused as a conflict.
            self.session = session
        } else {
            guard current?.isWelcome == false else { return [] }
            self.session = session
            ledger = TopicLedger(asking: topics)
            welcomed = now
            actions = topics.map { .subscribe($0, session: session) }
        }
        let patience = keepalive * max(1, settings.keepaliveMargin)
        current?.isWelcome = true
        current?.patience = patience
        current?.deadline = now + patience
        return actions
    }

    private mutating func move(from number: Int, to url: String, at now: Duration) -> [Action] {
        guard current?.number == number, current?.isWelcome == true, isAllowed(url) else {
            counters.bad += 1
            return []
        }
        var actions: [Action] = []
        if let superseded = successor { actions.append(.disconnect(socket: superseded.number)) }
        let next = makeSocket(at: now)
        successor = next
        return actions + [.connect(socket: next.number, url: url)]
    }

    private func isAllowed(_ url: String) -> Bool {
        url.hasPrefix("wss://") || (settings.allowsPlainReconnect && url.hasPrefix("ws://"))
    }

    private mutating func notify(_ message: EventSubMessage, _ event: ChatEvent?, at now: Duration) -> [Action] {
        guard isNew(message) else { return [] }
        if let sent = message.sent, let anchor {
            let platformNow = Double(anchor.platform) + (now - anchor.local).inSeconds * 1e9
            if platformNow - Double(sent) > settings.oldestEvent.inSeconds * 1e9 {
                counters.late += 1
                return []
            }
        }
        guard let event else { return [] }
        if let id = event.id, !recentMessages.insert(id) {
            counters.repeated += 1
            return []
        }
        return [.deliver(event)]
    }

    /// Whether a message has not come before; one without a number counts as new.
    private mutating func isNew(_ message: EventSubMessage) -> Bool {
        guard let id = message.id else { return true }
        if recentNotifications.insert(id) { return true }
        counters.repeated += 1
        return false
    }

    private mutating func revoke(_ type: String, _ status: String) -> [Action] {
        guard let topic = EventSubTopic(rawValue: type), topics.contains(topic) else { return [] }
        let reason =
            switch status {
            case "authorization_revoked": "the account took back its permission; log in to Twitch again"
            case "user_removed": "the channel or the account does not exist any more"
            case "chat_user_banned": "the account is banned from the channel's chat"
            case "version_removed": "Twitch does not offer \(type) in this form any more; update Hypeclip"
            default: "Twitch ended the subscription to \(type): \(status)"
            }
        if topic.isRequired { return giveUp(reason) }
        ledger.refuse(topic)
        return [.limited(topic, reason: reason)]
    }

    // MARK: Connections

    private mutating func connect(at now: Duration) -> [Action] {
        retryAt = nil
        let socket = makeSocket(at: now)
        current = socket
        return [.connect(socket: socket.number, url: nil)]
    }

    private mutating func makeSocket(at now: Duration) -> Socket {
        nextNumber += 1
        return Socket(number: nextNumber, deadline: now + settings.welcomeLimit, patience: settings.welcomeLimit)
    }

    private mutating func lose(_ loss: EventSubLoss, at now: Duration) -> [Action] {
        if let welcomed, now - welcomed >= settings.backoff.soundAfter { backoff.succeeded() }
        counters.losses += 1
        let actions = stop()
        retryAt = now + backoff.failed()
        return actions + [.lost(loss)]
    }

    private mutating func giveUp(_ reason: String) -> [Action] {
        stop() + [.giveUp(reason: reason)]
    }

    /// Ends everything.
    private mutating func stop() -> [Action] {
        let open = [current, successor].compactMap { $0?.number }
        current = nil
        successor = nil
        retryAt = nil
        welcomed = nil
        session = ""
        ledger = TopicLedger()
        return open.map { .disconnect(socket: $0) }
    }
}
