/// A login by way of the browser: sends a person to Twitch's page and checks what comes back.
///
/// The random state ties the answer to the browser that asked, so that nobody can slip in a login of his own
/// (RFC 6749, section 10.12). It is good once.
package struct CodeLogin: Sendable {
    private let state: String
    private var isSpent = false

    /// Begins a login.
    ///
    /// - Parameter generator: Where the random state comes from; must be fit for secrets.
    package init(using generator: inout some RandomNumberGenerator) {
        let digits = Array("0123456789abcdef")
        state = String((0..<32).map { _ in digits[Int(generator.next() & 15)] })
    }

    /// The page to send the person to.
    package func page(_ oauth: TwitchOAuth, redirect: String, scopes: [String]) -> String {
        oauth.authorizationPage(redirect: redirect, scopes: scopes, state: state)
    }

    /// Checks what came back to the redirect address.
    ///
    /// - Parameters:
    ///   - state: The `state` of the query.
    ///   - code: The `code` of the query, if there is one.
    ///   - error: The `error` of the query, if there is one.
    /// - Returns: The code to exchange.
    /// - Throws: ``TwitchFailure/Code/denied`` where the person refused, ``TwitchFailure/Code/refused`` where the answer
    ///   does not belong to this login.
    package mutating func answered(state: String, code: String?, error: String?) throws(TwitchFailure) -> TwitchSecret {
        guard !isSpent, Self.isSame(state, self.state) else {
            throw TwitchFailure(.refused, "the answer does not belong to this login; begin again")
        }
        isSpent = true
        if error != nil { throw TwitchFailure(.denied, "the login was refused on Twitch's page") }
        guard let code, !code.isEmpty else { throw TwitchFailure(.badReply, "Twitch's answer holds no code") }
        return TwitchSecret(code)
    }

    /// Compares in a time that does not depend on where the texts differ.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
