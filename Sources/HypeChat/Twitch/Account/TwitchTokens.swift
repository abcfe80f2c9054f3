package import Foundation

/// What a login gives: the right to act for an account.
package struct TwitchTokens: Hashable, Sendable {
    /// Shown with each request.
    package var access: TwitchSecret
    /// Good for one new pair; nil where Twitch gave none.
    package var refresh: TwitchSecret?
    /// When the access token ends.
    package var expires: Date
    /// What the account allowed.
    package var scopes: [String]

    /// Creates a pair.
    package init(access: TwitchSecret, refresh: TwitchSecret?, expires: Date, scopes: [String]) {
        self.access = access
        self.refresh = refresh
        self.expires = expires
        self.scopes = scopes
    }
}

/// Whose login it is, as Twitch itself says.
package struct TwitchIdentity: Hashable, Sendable {
    /// The account's number.
    package let userID: String
    /// The account's login.
    package let login: String
    /// What the account allowed.
    package let scopes: [String]
    /// How long the token is good for from now on; zero where Twitch does not say.
    package let remaining: Duration

    /// Creates an identity.
    package init(userID: String, login: String, scopes: [String], remaining: Duration) {
        self.userID = userID
        self.login = login
        self.scopes = scopes
        self.remaining = remaining
    }
}
