import HypeCore

/// Keeps a login good: validated at the start and every hour, refreshed one at a time, stored before it is used.
///
/// A pure state machine; the shell does what it answers. Times are spans since any fixed instant.
package struct TokenKeeper: Sendable {
    /// What the shell is to do.
    package enum Action: Hashable, Sendable {
        /// Ask Twitch whether the token is good, then tell ``TokenKeeper/validated(_:at:)``.
        case validate(TwitchSecret)
        /// Exchange the refresh token, then tell ``TokenKeeper/refreshed(_:at:)``. Must not be interrupted: the token is
        /// good only once.
        case refresh(TwitchSecret)
        /// Store the pair, then tell ``TokenKeeper/stored(at:)``.
        case store(TwitchTokens)
        /// Give the token to everybody who waits for it.
        case use(TwitchSecret)
        /// Forget the stored login; nobody gets a token any more.
        case forget
        /// Tell everybody who waits why there is no token for now; a later attempt may succeed.
        case fail(TwitchFailure)
    }

    /// How the login is.
    package enum Standing: Hashable, Sendable {
        /// There is none.
        case none
        /// It has not been shown to Twitch yet.
        case unchecked
        /// Twitch takes it.
        case good(TwitchIdentity)
        /// Twitch does not take it any more, or never did; why.
        case lost(reason: String)
    }

    private enum Work {
        case none
        case validating
        case refreshing
        case storing(TwitchTokens)
    }

    /// How often Twitch is asked whether the token is good.
    ///
    /// Source: <https://dev.twitch.tv/docs/authentication/validate-tokens/>.
    package static let period: Duration = .seconds(3600)
    /// Pause after an attempt that failed for now.
    package static let pause: Duration = .seconds(30)

    /// How the login is.
    package private(set) var standing = Standing.none
    private var tokens: TwitchTokens?
    private var work = Work.none
    private var validateAt: Duration?
    /// The token that was got because the one before was refused.
    private var replacement: TwitchSecret?

    /// Creates a keeper without a login.
    package init() {}

    /// When ``tick(at:)`` has something to do next; nil where only an event can go on.
    package var nextDeadline: Duration? {
        if case .none = work, tokens != nil { validateAt } else { nil }
    }

    /// Whether something is under way.
    package var isBusy: Bool {
        if case .none = work { false } else { true }
    }

    // MARK: Events

    /// A login was found or made; nil where there is none.
    package mutating func loaded(_ tokens: TwitchTokens?, at now: Duration) -> [Action] {
        self.tokens = tokens
        work = .none
        guard tokens != nil else {
            standing = .none
            return []
        }
        standing = .unchecked
        validateAt = now
        return tick(at: now)
    }

    /// Somebody wants a token.
    ///
    /// - Returns: What to do; nothing where somebody else's wish is already being looked after.
    package mutating func wanted(at now: Duration) -> [Action] {
        guard let tokens else {
            if case .lost(let reason) = standing { return [.fail(TwitchFailure(.unauthorized, reason))] }
            return [.fail(TwitchFailure(.unauthorized, "nobody is logged in to Twitch; run `hypeclip login twitch`"))]
        }
        if isBusy { return [] }
        if case .good = standing { return [.use(tokens.access)] }
        return validate(tokens)
    }

    /// Twitch answered 401 to a request with a token.
    package mutating func unauthorized(_ token: TwitchSecret, at now: Duration) -> [Action] {
        // A token that has been replaced in the meantime says nothing about the present one.
        guard let tokens, tokens.access == token, !isBusy else { return [] }
        standing = .unchecked
        return refresh(tokens)
    }

    /// The question whether the token is good is answered.
    package mutating func validated(_ result: Result<TwitchIdentity, TwitchFailure>, at now: Duration) -> [Action] {
        guard case .validating = work, let tokens else { return [] }
        work = .none
        switch result {
        case .success(let identity):
            standing = .good(identity)
            replacement = nil
            let remaining = identity.remaining > .zero ? max(Self.pause, identity.remaining) : Self.period
            validateAt = now + min(Self.period, remaining)
            return [.use(tokens.access)]
        case .failure(let failure) where failure.code == .unauthorized:
            // A token that was refreshed for this very reason and is refused again will not get better.
            guard tokens.access != replacement else { return lose(failure.message) }
            return refresh(tokens)
        case .failure(let failure):
            validateAt = now + Self.pause
            return [.fail(failure)]
        }
    }

    /// The exchange of the refresh token is answered.
    package mutating func refreshed(_ result: Result<TwitchTokens, TwitchFailure>, at now: Duration) -> [Action] {
        guard case .refreshing = work else { return [] }
        switch result {
        case .success(var fresh):
            // Twitch may leave out what has not changed.
            if fresh.refresh == nil { fresh.refresh = tokens?.refresh }
            if fresh.scopes.isEmpty { fresh.scopes = tokens?.scopes ?? [] }
            work = .storing(fresh)
            return [.store(fresh)]
        case .failure(let failure) where failure.isTemporary:
            work = .none
            validateAt = now + Self.pause
            return [.fail(failure)]
        case .failure(let failure): return lose(failure.message)
        }
    }

    /// The new pair is stored, or could not be stored; it is used either way, since the old one is spent.
    package mutating func stored(at now: Duration) -> [Action] {
        guard case .storing(let fresh) = work else { return [] }
        work = .none
        tokens = fresh
        replacement = fresh.access
        return validate(fresh)
    }

    /// Time went by.
    package mutating func tick(at now: Duration) -> [Action] {
        guard let tokens, !isBusy, let validateAt, now >= validateAt else { return [] }
        return validate(tokens)
    }

    // MARK: Steps

    private mutating func validate(_ tokens: TwitchTokens) -> [Action] {
        work = .validating
        return [.validate(tokens.access)]
    }

    private mutating func refresh(_ tokens: TwitchTokens) -> [Action] {
        guard let refresh = tokens.refresh else { return lose("Twitch does not take the login any more; log in again") }
        work = .refreshing
        return [.refresh(refresh)]
    }

    private mutating func lose(_ reason: String) -> [Action] {
        work = .none
        tokens = nil
        validateAt = nil
        standing = .lost(reason: reason)
        return [.forget, .fail(TwitchFailure(.unauthorized, reason))]
    }
}

extension TwitchFailure: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.message == right.message
    }
    package func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(message)
    }
}
