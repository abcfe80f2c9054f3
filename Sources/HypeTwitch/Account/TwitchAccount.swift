import Foundation
package import HypeChat
package import Logging

/// The login to Twitch, shared by everything that needs it, so that its tokens are refreshed one at a time.
package actor TwitchAccount {
    /// Everything that can be set about Twitch.
    package nonisolated let settings: TwitchSettings
    nonisolated let http: TwitchHTTP
    nonisolated let oauth: TwitchOAuth

    private let store: TwitchTokenStore
    private let logger: Logger
    private let start = ContinuousClock.now
    private var keeper = TokenKeeper()
    private var version: TwitchTokenStore.Version?
    private var waiters: [CheckedContinuation<TwitchSecret, any Error>] = []
    /// Goes up whenever another login is taken up, or given up by the person; not when Twitch ends one.
    private(set) var loginNumber = 0

    /// Creates an account; nothing is read before somebody needs it.
    ///
    /// - Parameters:
    ///   - settings: Everything that can be set about Twitch.
    ///   - tokens: Where the login is kept.
    ///   - logger: Hears of logins that are lost and found; never of secrets.
    package init(settings: TwitchSettings, tokens: TwitchTokenStore, logger: Logger) {
        self.settings = settings
        store = tokens
        self.logger = logger
        http = TwitchHTTP(limit: settings.requestLimit)
        oauth = TwitchOAuth(client: settings.client)
    }

    private var now: Duration { ContinuousClock.now - start }

    /// How the login is; looks for one that was made elsewhere.
    package var status: TwitchAccountStatus {
        if settings.client.id.isEmpty { return .notConfigured }
        reload()
        return switch keeper.standing {
        case .none: .loggedOut
        case .unchecked: .unchecked
        case .good(let identity): .loggedIn(login: identity.login, scopes: identity.scopes)
        case .lost(let reason): .lost(reason: reason)
        }
    }

    /// Keeps the login good until cancelled: validates it at the start and every hour, takes up one made elsewhere.
    package func run() async {
        guard !settings.client.id.isEmpty else { return }
        while !Task.isCancelled {
            reload()
            await perform(keeper.tick(at: now))
            try? await Task.sleep(for: settings.loginCheck)
        }
    }

    // MARK: Tokens

    /// Whose login it is, checked with Twitch where that has not been done.
    ///
    /// - Throws: ``TwitchFailure``; with the code `unauthorized` where there is no login that Twitch takes.
    package func identity() async throws(TwitchFailure) -> TwitchIdentity {
        _ = try await token()
        guard case .good(let identity) = keeper.standing else {
            throw TwitchFailure(.unauthorized, "Twitch does not take the login any more; log in again")
        }
        return identity
    }

    /// A token that Twitch takes.
    ///
    /// A cancelled caller still waits for the answer, which a limit of time bounds.
    func token() async throws(TwitchFailure) -> TwitchSecret {
        guard !settings.client.id.isEmpty else {
            throw TwitchFailure(
                .settings,
                "no Twitch client ID is set, so nobody can log in; set one (twitch.clientId)"
            )
        }
        reload()
        let actions = keeper.wanted(at: now)
        switch actions.first {
        case .use(let token): return token
        case .fail(let failure): throw failure
        default: break
        }
        do {
            return try await withCheckedThrowingContinuation { waiter in
                waiters.append(waiter)
                begin(actions)
            }
        } catch {
            throw error as? TwitchFailure ?? TwitchFailure(.network, "the login could not be checked", cause: error)
        }
    }

    /// Sends a request with a token; once more with a fresh one where Twitch does not take the first.
    ///
    /// - Parameter make: Makes the request for a token.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``TwitchFailure`` where there is no token or no answer.
    func send(_ make: (TwitchSecret) -> TwitchCall) async throws(TwitchFailure) -> TwitchReply {
        let token = try await token()
        let reply = try await http.send(make(token))
        guard reply.status == 401 else { return reply }
        begin(keeper.unauthorized(token, at: now))
        return try await http.send(make(try await self.token()))
    }

    /// Takes up a new login.
    ///
    /// - Parameter tokens: What Twitch gave.
    /// - Throws: ``TwitchFailure/Code/storage``; the login is not used then.
    func logIn(_ tokens: TwitchTokens) throws(TwitchFailure) {
        try store.save(tokens)
        take(tokens)
    }

    /// Forgets the login here and at Twitch.
    ///
    /// - Throws: ``TwitchFailure/Code/storage`` where the file cannot be deleted. That Twitch cannot be reached is no error:
    ///   the token ends by itself.
    package func logOut() async throws(TwitchFailure) {
        let tokens = try store.load()
        try store.forget()
        take(nil)
        guard let tokens else { return }
        _ = try? await http.send(oauth.revoke(tokens.access))
    }

    // MARK: Work

    /// Looks whether the file holds another login than the one in use, as after `hypeclip login twitch`.
    private func reload() {
        let present = store.version
        guard present != version, !keeper.isBusy else { return }
        version = present
        do throws(TwitchFailure) {
            take(try store.load())
        } catch {
            logger.error("the login to Twitch cannot be read", metadata: ["error": "\(error)"])
            take(nil)
        }
    }

    private func take(_ tokens: TwitchTokens?) {
        version = store.version
        loginNumber += 1
        begin(keeper.loaded(tokens, at: now))
    }

    /// Works on the tokens for everybody who waits.
    private func begin(_ actions: [TokenKeeper.Action]) {
        guard !actions.isEmpty else { return }
        // Not a child of the caller: a refresh token is good once, so the exchange must not be cancelled with the one who
        // happened to ask first. Those who wait are its audience; the limits of the requests bound it.
        Task { await self.perform(actions) }
    }

    private func perform(_ actions: [TokenKeeper.Action]) async {
        for action in actions {
            switch action {
            case .validate(let token):
                let result = await validate(token)
                note(result)
                await perform(keeper.validated(result, at: now))
            case .refresh(let token):
                let result = await refresh(token)
                await perform(keeper.refreshed(result, at: now))
            case .store(let tokens):
                save(tokens)
                await perform(keeper.stored(at: now))
            case .use(let token):
                for waiter in takeWaiters() { waiter.resume(returning: token) }
            case .forget:
                forget()
            case .fail(let failure):
                for waiter in takeWaiters() { waiter.resume(throwing: failure) }
            }
        }
    }

    private func validate(_ token: TwitchSecret) async -> Result<TwitchIdentity, TwitchFailure> {
        do throws(TwitchFailure) {
            return .success(try oauth.identity(try await http.send(oauth.validate(token))))
        } catch {
            return .failure(error)
        }
    }

    private func refresh(_ token: TwitchSecret) async -> Result<TwitchTokens, TwitchFailure> {
        do throws(TwitchFailure) {
            return .success(try oauth.tokens(try await http.send(oauth.refresh(token)), at: Date()))
        } catch {
            return .failure(error)
        }
    }

    private func save(_ tokens: TwitchTokens) {
        do throws(TwitchFailure) {
            try store.save(tokens)
        } catch {
            // The old pair is spent, so the new one is used all the same; it is lost with the process.
            logger.error("the login to Twitch cannot be stored", metadata: ["error": "\(error)"])
        }
        version = store.version
    }

    private func forget() {
        do throws(TwitchFailure) {
            try store.forget()
        } catch {
            logger.error("the login to Twitch cannot be deleted", metadata: ["error": "\(error)"])
        }
        version = store.version
        logger.warning("the login to Twitch is lost; log in again", metadata: ["reason": "\(keeper.standing)"])
    }

    private func note(_ result: Result<TwitchIdentity, TwitchFailure>) {
        switch result {
        case .success(let identity):
            logger.debug("the login to Twitch is good", metadata: ["login": "\(identity.login)"])
        case .failure(let failure):
            logger.notice("the login to Twitch could not be validated", metadata: ["reason": "\(failure)"])
        }
    }

    private func takeWaiters() -> [CheckedContinuation<TwitchSecret, any Error>] {
        defer { waiters = [] }
        return waiters
    }
}
