import Foundation
package import HypeChat

/// Logs in to Twitch by a code that a person confirms in any browser.
package struct TwitchLogin: Sendable {
    private let account: TwitchAccount

    /// Creates a login.
    ///
    /// - Parameter account: Takes up the login when it is done.
    package init(account: TwitchAccount) {
        self.account = account
    }

    /// Asks Twitch for a code to show.
    ///
    /// - Returns: The code, with where to type it and how long it is good for.
    /// - Throws: ``TwitchFailure``; with the code `settings` where there is no client ID.
    package func begin() async throws(TwitchFailure) -> DeviceCode {
        guard !account.settings.client.id.isEmpty else {
            throw TwitchFailure(
                .settings,
                "no Twitch client ID is set: register an application on dev.twitch.tv/console and set twitch.clientId"
            )
        }
        let reply = try await account.http.send(account.oauth.deviceCode(scopes: account.settings.scopes))
        return try account.oauth.deviceCode(reply)
    }

    /// Waits until the code is confirmed, and stores the login.
    ///
    /// - Parameter code: What ``begin()`` gave.
    /// - Returns: Whose login it is.
    /// - Throws: ``TwitchFailure``: `denied`, `expired`, `storage`; `CancellationError`.
    package func waitForApproval(_ code: DeviceCode) async throws -> TwitchIdentity {
        let start = ContinuousClock.now
        var polling = DevicePolling(code: code, oauth: account.oauth, at: .zero)
        var step = polling.begin(at: .zero)
        while true {
            switch step {
            case .ask(let time):
                try await ContinuousClock().sleep(until: start + time)
                let call = account.oauth.tokens(for: code, scopes: account.settings.scopes)
                let reply = try? await account.http.send(call)
                try Task.checkCancellation()
                step = polling.answered(reply, at: ContinuousClock.now - start, date: Date())
            case .done(let tokens):
                try await account.logIn(tokens)
                return try await account.identity()
            case .failed(let failure): throw failure
            }
        }
    }

    /// Exchanges what came back to the redirect address for a login; only with a client secret.
    ///
    /// - Parameters:
    ///   - code: What ``CodeLogin/answered(state:code:error:)`` gave.
    ///   - redirect: The same address as before.
    /// - Returns: Whose login it is.
    /// - Throws: ``TwitchFailure``.
    package func complete(code: TwitchSecret, redirect: String) async throws(TwitchFailure) -> TwitchIdentity {
        let reply = try await account.http.send(try account.oauth.tokens(forCode: code, redirect: redirect))
        try await account.logIn(try account.oauth.tokens(reply, at: Date()))
        return try await account.identity()
    }
}
