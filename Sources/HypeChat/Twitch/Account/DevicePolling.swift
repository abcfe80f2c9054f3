package import Foundation

/// When Twitch is asked whether a device code was confirmed, and what the answers mean (RFC 8628, section 3.5).
///
/// A pure state machine; times are spans since any fixed instant.
package struct DevicePolling: Sendable {
    /// What to do next.
    package enum Step: Sendable {
        /// Ask at a time, not earlier.
        case ask(at: Duration)
        /// It is confirmed.
        case done(TwitchTokens)
        /// It will not be.
        case failed(TwitchFailure)
    }

    private let oauth: TwitchOAuth
    private let deadline: Duration
    private var interval: Duration

    /// Begins to wait.
    ///
    /// - Parameters:
    ///   - code: What was given out.
    ///   - oauth: Reads the tokens.
    ///   - now: The time.
    package init(code: DeviceCode, oauth: TwitchOAuth, at now: Duration) {
        self.oauth = oauth
        deadline = now + code.expiresIn
        interval = code.interval
    }

    /// The first step.
    package func begin(at now: Duration) -> Step { next(at: now) }

    /// Takes an answer; nil where none came.
    ///
    /// - Parameters:
    ///   - reply: The answer.
    ///   - now: The time.
    ///   - date: The wall clock.
    /// - Returns: The next step.
    package mutating func answered(_ reply: TwitchReply?, at now: Duration, date: Date) -> Step {
        guard let reply else { return next(at: now) }
        if reply.isSuccess {
            do throws(TwitchFailure) {
                return .done(try oauth.tokens(reply, at: date))
            } catch {
                return .failed(error)
            }
        }
        switch reply.words.lowercased() {
        case "authorization_pending": return next(at: now)
        case "slow_down":
            interval += .seconds(5)
            return next(at: now)
        case "access_denied": return .failed(TwitchFailure(.denied, "the login was refused on Twitch's page"))
        case "expired_token", "invalid device code":
            return .failed(TwitchFailure(.expired, "the code is not good any more; begin the login again"))
        default: return reply.failure.isTemporary ? next(at: now) : .failed(reply.failure)
        }
    }

    private func next(at now: Duration) -> Step {
        guard now + interval <= deadline else {
            return .failed(TwitchFailure(.expired, "nobody confirmed the code in time; begin the login again"))
        }
        return .ask(at: now + interval)
    }
}
