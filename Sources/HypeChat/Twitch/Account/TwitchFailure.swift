/// Why something about Twitch cannot be done, in words that a person may read; never with a secret in them.
package struct TwitchFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Hashable, Sendable, CaseIterable {
        /// A setting is missing or wrong.
        case settings
        /// Twitch could not be reached, or the answer broke off.
        case network
        /// Twitch did not answer in time.
        case timeout
        /// The answer could not be understood.
        case badReply
        /// There is no login, or Twitch does not take it any more.
        case unauthorized
        /// The account may not do this.
        case forbidden
        /// There is no such channel, or nothing to do it with.
        case notFound
        /// Twitch refuses the request as it is.
        case refused
        /// Too many requests in a short time.
        case rateLimited
        /// An error of Twitch's own.
        case server
        /// The login was not confirmed in time.
        case expired
        /// The person refused the login.
        case denied
        /// The login's file could not be read or written.
        case storage
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and how to remedy it.
    package let message: String
    /// What lies behind it; for logs.
    package let cause: (any Error)?

    /// Creates a failure.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }

    /// Whether the same thing may succeed a little later.
    package var isTemporary: Bool {
        switch code {
        case .network, .timeout, .badReply, .rateLimited, .server: true
        case .settings, .unauthorized, .forbidden, .notFound, .refused, .expired, .denied, .storage: false
        }
    }
}
