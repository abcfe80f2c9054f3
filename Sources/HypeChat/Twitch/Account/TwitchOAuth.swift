package import Foundation
import HypeCore

/// The requests of Twitch's OAuth and how their answers are read.
///
/// Source: <https://dev.twitch.tv/docs/authentication/>.
package struct TwitchOAuth: Hashable, Sendable {
    /// The program.
    package let client: TwitchClient

    /// Creates the requests of a program.
    package init(client: TwitchClient) {
        self.client = client
    }

    // MARK: Device code

    /// Asks for a code that a person confirms elsewhere.
    package func deviceCode(scopes: [String]) -> TwitchCall {
        TwitchCall(.post, client.endpoints.id + "/device")
            .form([("client_id", client.id), ("scopes", scopes.joined(separator: " "))])
    }

    /// Reads the answer to ``deviceCode(scopes:)``.
    package func deviceCode(_ reply: TwitchReply) throws(TwitchFailure) -> DeviceCode {
        guard reply.isSuccess else { throw reply.failure }
        let code = reply.read { document -> DeviceCode? in
            guard let device = document["device_code"].string, let user = document["user_code"].string,
                let url = document["verification_uri"].string, !device.isEmpty, !user.isEmpty,
                url.hasPrefix("https://") || url.hasPrefix("http://")
            else { return nil }
            return DeviceCode(
                deviceCode: TwitchSecret(device),
                userCode: user,
                verificationURL: url,
                expiresIn: .seconds(min(86_400, document["expires_in"].integer ?? 1800)),
                interval: .seconds(min(60, max(1, document["interval"].integer ?? 5)))
            )
        }
        guard let code else { throw TwitchFailure(.badReply, "Twitch's answer to the login holds no code") }
        return code
    }

    /// Asks whether the person has confirmed the code.
    package func tokens(for code: DeviceCode, scopes: [String]) -> TwitchCall {
        token([
            ("client_id", client.id), ("scopes", scopes.joined(separator: " ")),
            ("device_code", code.deviceCode.revealed),
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ])
    }

    // MARK: Authorization code

    /// The page on which a person allows the program to act for him; only for programs with a secret.
    ///
    /// - Parameters:
    ///   - redirect: Where Twitch sends the browser afterwards; must be registered with Twitch.
    ///   - scopes: What is to be allowed.
    ///   - state: A random text that comes back with the answer; see ``CodeLogin``.
    /// - Returns: The address of the page.
    package func authorizationPage(redirect: String, scopes: [String], state: String) -> String {
        client.endpoints.id + "/authorize?"
            + FormText.encoded([
                ("response_type", "code"), ("client_id", client.id), ("redirect_uri", redirect),
                ("scope", scopes.joined(separator: " ")), ("state", state),
            ])
    }

    /// Exchanges the code that came back for tokens.
    ///
    /// - Throws: ``TwitchFailure/Code/settings`` where the program has no secret.
    package func tokens(forCode code: TwitchSecret, redirect: String) throws(TwitchFailure) -> TwitchCall {
        guard let secret = client.secret else {
            throw TwitchFailure(.settings, "logging in by redirect needs the client secret; use the device code")
        }
        return token([
            ("client_id", client.id), ("client_secret", secret.revealed), ("code", code.revealed),
            ("grant_type", "authorization_code"), ("redirect_uri", redirect),
        ])
    }

    // MARK: Tokens

    /// Exchanges the refresh token, which is good only once, for a new pair.
    package func refresh(_ refresh: TwitchSecret) -> TwitchCall {
        var fields = [
            ("client_id", client.id), ("grant_type", "refresh_token"), ("refresh_token", refresh.revealed),
        ]
        if let secret = client.secret { fields.append(("client_secret", secret.revealed)) }
        return token(fields)
    }

    /// Reads a pair of tokens.
    ///
    /// - Parameters:
    ///   - reply: The answer.
    ///   - date: The wall clock.
    /// - Returns: The pair.
    /// - Throws: ``TwitchFailure/Code/unauthorized`` where the refresh token or the code is not good any more.
    package func tokens(_ reply: TwitchReply, at date: Date) throws(TwitchFailure) -> TwitchTokens {
        guard reply.isSuccess else {
            if reply.status == 400 || reply.status == 401 {
                throw TwitchFailure(.unauthorized, "\(reply.explanation). Log in to Twitch again.")
            }
            throw reply.failure
        }
        let tokens = reply.read { document -> TwitchTokens? in
            guard let access = document["access_token"].string, !access.isEmpty else { return nil }
            let refresh = document["refresh_token"].string ?? ""
            return TwitchTokens(
                access: TwitchSecret(access),
                refresh: refresh.isEmpty ? nil : TwitchSecret(refresh),
                expires: date.addingTimeInterval(Double(document["expires_in"].integer ?? 3600)),
                scopes: document["scope"].elements.compactMap(\.string)
            )
        }
        guard let tokens else { throw TwitchFailure(.badReply, "Twitch's answer to the login holds no token") }
        return tokens
    }

    /// Asks whether a token is still good and whose it is; Twitch demands this at the start and every hour.
    package func validate(_ token: TwitchSecret) -> TwitchCall {
        TwitchCall(.get, client.endpoints.id + "/validate").header("Authorization", "OAuth \(token.revealed)")
    }

    /// Reads the answer to ``validate(_:)``.
    ///
    /// - Throws: ``TwitchFailure/Code/unauthorized`` where the token is not good any more or is that of another program.
    package func identity(_ reply: TwitchReply) throws(TwitchFailure) -> TwitchIdentity {
        guard reply.isSuccess else { throw reply.failure }
        let answer = reply.read { document -> (TwitchIdentity, String)? in
            guard let userID = document["user_id"].string, let login = document["login"].string, !userID.isEmpty,
                let program = document["client_id"].string
            else { return nil }
            let identity = TwitchIdentity(
                userID: userID,
                login: login,
                scopes: document["scopes"].elements.compactMap(\.string),
                remaining: .seconds(document["expires_in"].integer ?? 0)
            )
            return (identity, program)
        }
        guard let (identity, program) = answer else {
            throw TwitchFailure(.badReply, "Twitch does not say whose login it is")
        }
        guard program == client.id else {
            throw TwitchFailure(.unauthorized, "the login was made for another client ID; log in to Twitch again")
        }
        return identity
    }

    /// Gives a token up, so that nobody can use it any more.
    package func revoke(_ token: TwitchSecret) -> TwitchCall {
        TwitchCall(.post, client.endpoints.id + "/revoke")
            .form([("client_id", client.id), ("token", token.revealed)])
    }

    private func token(_ fields: [(String, String)]) -> TwitchCall {
        TwitchCall(.post, client.endpoints.id + "/token").form(fields)
    }
}
