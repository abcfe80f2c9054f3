/// As whom a chat is read.
package enum IRCIdentity: Hashable, Sendable {
    /// As a guest who can only read; Twitch takes any nick of the form `justinfan12345` without a password.
    case anonymous
    /// As an account.
    ///
    /// - Parameters:
    ///   - login: The account's login.
    ///   - token: An access token with the scope `chat:read`, without `oauth:` in front.
    case account(login: String, token: TwitchSecret)
}
