/// How the login to Twitch is.
package enum TwitchAccountStatus: Hashable, Sendable, CustomStringConvertible {
    /// There is no client ID, so nobody can log in.
    case notConfigured
    /// Nobody is logged in.
    case loggedOut
    /// There is a login that Twitch has not been asked about yet.
    case unchecked
    /// Twitch takes the login.
    case loggedIn(login: String, scopes: [String])
    /// Twitch does not take the login any more; why.
    case lost(reason: String)

    package var description: String {
        switch self {
        case .notConfigured: "no client ID is set"
        case .loggedOut: "nobody is logged in"
        case .unchecked: "the login has not been checked yet"
        case .loggedIn(let login, _): "logged in as \(login)"
        case .lost(let reason): reason
        }
    }
}
