import Foundation
import HypeChat
import HypeTwitch
import Logging

/// The composition root of `hypeclip login`: gets a login at Twitch and keeps it where the server finds it.
package struct LoginApp: Sendable {
    /// What the person has to do.
    package struct Code: Sendable {
        /// What to enter.
        package var text: String
        /// Where to enter it.
        package var address: String
        /// How long the code is good for.
        package var lifetime: Duration
    }

    private let account: TwitchAccount

    /// Reads flags, environment and settings file.
    ///
    /// - Parameters:
    ///   - flags: What stood on the command line, by key of the setting.
    ///   - configFile: Path of a JSON settings file, or nil.
    /// - Throws: ``AppFailure`` with a report of all mistakes in the settings.
    package init(flags: [String: String], configFile: String?) async throws {
        let surroundings = try await Surroundings(flags: flags, configFile: configFile, level: .error)
        let folder = DataFolder.twitch(in: surroundings.dataFolder)
        account = TwitchAccount(
            settings: surroundings.settings.twitch,
            tokens: TwitchTokenStore(folder: folder),
            logger: surroundings.logger
        )
    }

    /// Gets a code, and waits until a person has entered it.
    ///
    /// - Parameter show: Called once with what the person has to do.
    /// - Returns: The login of the user.
    /// - Throws: ``AppFailure``, or `CancellationError`.
    package func run(show: (Code) -> Void) async throws -> String {
        do {
            let login = TwitchLogin(account: account)
            let code = try await login.begin()
            show(Code(text: code.userCode, address: code.verificationURL, lifetime: code.expiresIn))
            return try await login.waitForApproval(code).login
        } catch let failure as TwitchFailure {
            throw AppFailure(.failed, failure.message)
        }
    }

    /// Forgets the login.
    ///
    /// - Throws: ``AppFailure`` where it cannot be deleted.
    package func logOut() async throws {
        do { try await account.logOut() } catch { throw AppFailure(.failed, error.message) }
    }
}
