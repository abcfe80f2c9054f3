import Foundation
import HypeChat
import HypeCore
import HypeServer
import HypeTwitch
import Logging
import ServiceLifecycle

/// The server's connection to Twitch: the account, and the chats of channels.
actor TwitchDesk: Service {
    /// The login, shared with everything that needs it.
    nonisolated let account: TwitchAccount
    private nonisolated let logger: Logger
    private nonisolated let makesClips: Bool
    private let login: TwitchLogin
    private let codes = AsyncStream<DeviceCode>.makeStream(bufferingPolicy: .bufferingNewest(1))
    private var waiting: (code: DeviceCode, until: Date)?
    private var failure: String?

    /// Creates a desk; nothing is asked of Twitch before ``run()``.
    ///
    /// - Parameters:
    ///   - settings: The program as Twitch knows it, and where Twitch is.
    ///   - makesClips: Whether Twitch is asked for clips of its own.
    ///   - folder: Where the login is kept.
    ///   - logger: For operators; never told a secret.
    init(settings: TwitchSettings, makesClips: Bool, folder: String, logger: Logger) {
        self.logger = logger
        self.makesClips = makesClips
        account = TwitchAccount(settings: settings, tokens: TwitchTokenStore(folder: folder), logger: logger)
        login = TwitchLogin(account: account)
    }

    /// Keeps the login good and finishes log-ins until the program shuts down.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.account.run() }
                for await code in self.codes.stream { await self.finish(code) }
                group.cancelAll()
            }
        }
    }

    /// Waits until a person has entered a code.
    private func finish(_ code: DeviceCode) async {
        do {
            let identity = try await login.waitForApproval(code)
            failure = nil
            logger.notice("logged in to Twitch", metadata: ["login": "\(identity.login)"])
        } catch let reason as TwitchFailure {
            failure = reason.message
        } catch {
            failure = "the log-in was interrupted"
        }
        waiting = nil
    }
}

extension TwitchDesk: AccountControl {
    func account() async -> AccountDocument {
        if let waiting, waiting.until > Date() { return document(of: waiting.code, until: waiting.until) }
        switch await account.status {
        case .notConfigured:
            return AccountDocument(
                state: .loggedOut,
                reason:
                    "Chat is read anonymously. To log in, register an application at Twitch and set twitch.clientId."
            )
        case .loggedOut: return AccountDocument(state: failure == nil ? .loggedOut : .failed, reason: failure)
        case .unchecked: return AccountDocument(state: .loggedIn, reason: "Twitch was not asked yet.")
        case .loggedIn(let login, _): return AccountDocument(state: .loggedIn, login: login)
        case .lost(let reason): return AccountDocument(state: .failed, reason: reason)
        }
    }

    func logIn() async throws -> AccountDocument {
        if let waiting, waiting.until > Date() { return document(of: waiting.code, until: waiting.until) }
        do {
            let code = try await login.begin()
            let until = Date(timeIntervalSinceNow: code.expiresIn.inSeconds)
            waiting = (code, until)
            failure = nil
            codes.continuation.yield(code)
            return document(of: code, until: until)
        } catch {
            throw error.asRequestFailure
        }
    }

    func logOut() async throws {
        do { try await account.logOut() } catch { throw error.asRequestFailure }
        failure = nil
    }

    private func document(of code: DeviceCode, until: Date) -> AccountDocument {
        var document = AccountDocument(state: .waiting)
        document.userCode = code.userCode
        document.verificationUrl = code.verificationURL
        document.expiresAt = until
        return document
    }
}

extension TwitchDesk: LiveChats {
    nonisolated func chat(of channel: String) -> (any LiveChatSource)? {
        TwitchChannelName(channel).map { TwitchChatSource(channel: $0, account: account, logger: logger) }
    }

    nonisolated func platform(of channel: String) -> (any PlatformClips)? {
        guard makesClips, !account.settings.client.id.isEmpty else { return nil }
        return TwitchChannelName(channel).map { TwitchPlatform(channel: $0, clips: TwitchClips(account: account)) }
    }

    func ownChannel() async -> String? {
        guard case .loggedIn(let login, _) = await account.status else { return nil }
        return login
    }
}

/// Clips of a Twitch channel.
private struct TwitchPlatform: PlatformClips {
    let channel: TwitchChannelName
    let clips: TwitchClips
    let name = "twitch"

    func create() async throws -> String { try await clips.create(channel: channel).url }
}

/// A Twitch channel's chat, for a session.
private struct TwitchChatSource: LiveChatSource {
    let channel: TwitchChannelName
    let account: TwitchAccount
    let logger: Logger

    func run(_ tell: @escaping @Sendable (LiveChatUpdate) -> Void) async {
        let chat = TwitchChat(channel: channel, account: account, logger: logger)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await chat.run() }
            group.addTask {
                for await state in chat.states { tell(.state(state.part)) }
            }
            group.addTask {
                for await event in chat.events { tell(.lines([event])) }
            }
        }
    }
}

extension TwitchChatState {
    /// The state as sessions show it.
    fileprivate var part: Session.Part {
        switch self {
        case .connected: Session.Part(.chat, .ok)
        case .degraded(_, let reason): Session.Part(.chat, .degraded, reason)
        case .missing(let reason): Session.Part(.chat, .missing, reason)
        }
    }
}

extension TwitchFailure {
    /// The failure in words that a client may read.
    fileprivate var asRequestFailure: RequestFailure {
        switch code {
        case .settings: RequestFailure(.unsupported, message)
        case .unauthorized, .forbidden, .notFound, .refused, .expired, .denied: RequestFailure(.conflict, message)
        case .network, .timeout, .badReply, .rateLimited, .server, .storage: RequestFailure(.unavailable, message)
        }
    }
}
