package import HypeChat
package import Logging

/// Reads the chat of a channel for as long as it runs, by whatever way there is.
///
/// With a login it reads by EventSub, without one by IRC as a guest, which needs nothing but the channel's name. Where
/// EventSub cannot be had, IRC stands in, and EventSub is tried again when the failure may have passed or the login has
/// changed. Lost connections come back by themselves, for ever.
package struct TwitchChat: Sendable {
    /// The channel.
    package let channel: TwitchChannelName
    private let account: TwitchAccount
    private let connector: SocketConnector
    private let feed: TwitchChatFeed
    private let logger: Logger

    /// Creates a reader; nothing happens before ``run()``.
    ///
    /// - Parameters:
    ///   - channel: The channel.
    ///   - account: The login, shared with every other reader.
    ///   - logger: Hears of connections that come and go; never of messages or secrets.
    package init(channel: TwitchChannelName, account: TwitchAccount, logger: Logger) {
        self.channel = channel
        self.account = account
        var logger = logger
        logger[metadataKey: "channel"] = "\(channel)"
        self.logger = logger
        connector = SocketConnector(limit: account.settings.connectLimit)
        feed = TwitchChatFeed(capacity: account.settings.bufferedEvents)
    }

    /// What happens in the chat.
    ///
    /// For one reader; ends when ``run()`` does. One that is slower than the chat loses the oldest events beyond
    /// ``TwitchSettings/bufferedEvents``.
    package var events: AsyncStream<ChatEvent> { feed.events }
    /// How reading goes.
    package var state: TwitchChatState { feed.state }
    /// How reading goes, each time that it changes.
    ///
    /// For one reader; ends when ``run()`` does.
    package var states: AsyncStream<TwitchChatState> { feed.states }
    /// Events that came, with the dropped ones.
    package var delivered: Int { feed.delivered }
    /// Events that were dropped because the reader of ``events`` was slow.
    package var dropped: Int { feed.dropped }

    /// Reads until the task is cancelled.
    package func run() async {
        var reason: String?
        while !Task.isCancelled {
            _ = await account.status
            let seen = await account.loginNumber
            switch await plan() {
            case .eventSub(let broadcaster, let reader):
                if let why = await readEventSub(broadcaster: broadcaster, reader: reader) {
                    feed.change(to: .missing(reason: why))
                    logger.warning("EventSub given up; IRC stands in", metadata: ["reason": "\(why)"])
                    reason = why
                    // What was refused is not asked for again before the login is another one.
                    await readIRC(reason: why, seen: seen, pause: nil)
                }
            case .irc(let why, let isTemporary):
                if let why, why != reason {
                    logger.notice("IRC stands in for EventSub", metadata: ["reason": "\(why)"])
                }
                reason = why
                await readIRC(reason: why, seen: seen, pause: isTemporary ? account.settings.fallbackPause : nil)
            }
        }
        feed.change(to: .missing(reason: "stopped"))
        feed.finish()
    }

    // MARK: By which way

    private enum Plan {
        case eventSub(broadcaster: String, reader: String)
        /// Why not by EventSub, where that is worth saying; and whether that may pass by itself.
        case irc(reason: String?, isTemporary: Bool)
    }

    private func plan() async -> Plan {
        guard account.settings.transport == .automatic else { return .irc(reason: nil, isTemporary: false) }
        switch await account.status {
        case .notConfigured, .loggedOut: return .irc(reason: nil, isTemporary: false)
        case .lost(let reason): return .irc(reason: reason, isTemporary: false)
        case .unchecked, .loggedIn: break
        }
        let helix = TwitchHelix(client: account.settings.client)
        do throws(TwitchFailure) {
            let identity = try await account.identity()
            guard identity.scopes.contains("user:read:chat") else {
                let reason = "the login does not allow reading chats (user:read:chat); log in to Twitch again"
                return .irc(reason: reason, isTemporary: false)
            }
            let user = try helix.user(try await account.send { helix.user(login: channel.text, token: $0) })
            return .eventSub(broadcaster: user.id, reader: identity.userID)
        } catch {
            return .irc(reason: error.message, isTemporary: error.isTemporary || error.code == .notFound)
        }
    }

    // MARK: EventSub

    private func readEventSub(broadcaster: String, reader: String) async -> String? {
        let reader = EventSubReader(
            broadcaster: broadcaster,
            reader: reader,
            account: account,
            connector: connector,
            deliver: { [feed] in feed.deliver($0) },
            report: { [feed, logger] report in
                switch report {
                case .reading(let missing):
                    let words = missing.sorted { $0.key.rawValue < $1.key.rawValue }
                        .map { "without \($0.key.rawValue): \($0.value)" }.joined(separator: "; ")
                    feed.change(to: words.isEmpty ? .connected(.eventSub) : .degraded(.eventSub, reason: words))
                    logger.info("chat connected", metadata: ["route": "EventSub", "missing": "\(words)"])
                case .lost(let loss):
                    feed.change(to: .missing(reason: "\(loss); reconnecting"))
                    logger.notice("chat lost; reconnecting", metadata: ["reason": "\(loss)"])
                }
            }
        )
        return await reader.run()
    }

    // MARK: IRC

    /// Reads by IRC until EventSub is worth another try.
    ///
    /// - Parameters:
    ///   - reason: Why not by EventSub, where that is worth saying.
    ///   - seen: The login that was there when that was decided.
    ///   - pause: When to try again although the login is the same; nil for never.
    private func readIRC(reason: String?, seen: Int, pause: Duration?) async {
        let address: ServiceAddress
        do throws(TwitchFailure) {
            address = try ServiceAddress(account.settings.client.endpoints.irc)
        } catch {
            feed.change(to: .missing(reason: error.message))
            return await waitForLogin(otherThan: seen, atMost: pause)
        }
        let identity = await ircIdentity()
        let reader = IRCReader(
            channel: channel,
            address: address,
            settings: account.settings.irc,
            connector: connector,
            deliver: { [feed] in feed.deliver($0) },
            report: { [feed, logger] report in
                switch report {
                case .joined:
                    feed.change(to: reason.map { .degraded(.irc, reason: $0) } ?? .connected(.irc))
                    logger.info("chat connected", metadata: ["route": "IRC"])
                case .unavailable(let why):
                    feed.change(to: .missing(reason: why))
                    logger.warning("chat cannot be joined", metadata: ["reason": "\(why)"])
                case .lost(let loss):
                    feed.change(to: .missing(reason: "\(loss); reconnecting"))
                    logger.notice("chat lost; reconnecting", metadata: ["reason": "\(loss)"])
                case .refused(let why):
                    logger.warning("login refused by the chat; reading as a guest", metadata: ["reason": "\(why)"])
                }
            }
        )
        await withDiscardingTaskGroup { group in
            group.addTask { await reader.run(as: identity) }
            await waitForLogin(otherThan: seen, atMost: pause)
            group.cancelAll()
        }
    }

    /// As whom to read by IRC: a guest, but for those who asked for IRC and allowed it.
    private func ircIdentity() async -> IRCIdentity {
        guard account.settings.transport == .irc, let identity = try? await account.identity(),
            identity.scopes.contains("chat:read"), let token = try? await account.token()
        else { return .anonymous }
        return .account(login: identity.login, token: token)
    }

    private func waitForLogin(otherThan seen: Int, atMost pause: Duration?) async {
        let start = ContinuousClock.now
        while !Task.isCancelled {
            try? await Task.sleep(for: account.settings.loginCheck)
            _ = await account.status
            if await account.loginNumber != seen { return }
            if let pause, ContinuousClock.now - start >= pause { return }
        }
    }
}
