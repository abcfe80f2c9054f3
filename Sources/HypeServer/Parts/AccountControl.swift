package import Foundation

/// The streamer's account on Twitch.
package protocol AccountControl: Sendable {
    /// Who is logged in, or how far a log-in has come.
    func account() async -> AccountDocument
    /// Begins to log in: the answer names the code and the page where a person enters it. Asked again while one is under way,
    /// it gives the same code.
    ///
    /// - Throws: ``RequestFailure`` where no client identifier is set, or Twitch cannot be reached.
    func logIn() async throws -> AccountDocument
    /// Forgets the account; its token is taken back where Twitch can be reached.
    ///
    /// - Throws: ``RequestFailure`` where it cannot be forgotten.
    func logOut() async throws
}

/// What is known of the account.
package struct AccountDocument: Sendable, Codable, Hashable {
    /// How far it has come.
    package enum State: String, Sendable, Codable, CaseIterable {
        /// Nobody is logged in; chat is read anonymously.
        case loggedOut
        /// A person has to enter the code.
        case waiting
        /// Somebody is logged in.
        case loggedIn
        /// The last log-in failed, or the account was taken back.
        case failed
    }

    /// How far it has come.
    package var state: State
    /// Login of the user; nil where nobody is logged in.
    package var login: String?
    /// What the person enters; nil unless waiting.
    package var userCode: String?
    /// Where the person enters it; nil unless waiting.
    package var verificationUrl: String?
    /// Until when the code can be entered; nil unless waiting.
    package var expiresAt: Date?
    /// What went wrong and how to remedy it; nil otherwise.
    package var reason: String?

    /// Creates a document.
    package init(state: State, login: String? = nil, reason: String? = nil) {
        self.state = state
        self.login = login
        self.reason = reason
    }
}
