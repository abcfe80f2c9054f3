import ArgumentParser
import HypeApp

/// `hypeclip login`: accounts of platforms.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Logs in to Twitch, so that your channel is known and its chat comes by EventSub.",
        discussion: """
            Chat can be read without logging in. A log-in needs an application at Twitch (a public one is enough):
              1. Register it in Twitch's developer console with the client type “Public”.
              2. HYPECLIP_TWITCH_CLIENT_ID=… hypeclip login twitch
              3. Open the page that is printed and enter the code.
            The login is kept in the data folder, readable for you alone; `hypeclip serve` and `hypeclip watch` find it there, \
            also while they run. `hypeclip login twitch --forget` takes it back.

            Exit codes: 0 logged in, 1 failed, 2 wrong usage, 130 interrupted.
            """
    )

    /// Where somebody can log in.
    enum Platform: String, ExpressibleByArgument, CaseIterable {
        case twitch
    }

    @Argument(help: "Where to log in: twitch.")
    var platform: Platform

    @Flag(help: "Forget the login instead.")
    var forget = false

    @OptionGroup
    var server: ServerOptions

    func run() async throws {
        let app = try await LoginApp(flags: server.flags, configFile: server.config)
        guard !forget else {
            try await app.logOut()
            print("The login is forgotten.")
            return
        }
        let login = try await interruptible {
            try await app.run { code in
                print("Open \(code.address) and enter \(code.text).")
                print("The code is good for \(code.lifetime.components.seconds / 60) minutes; waiting …")
            }
        }
        print("Logged in as \(login).")
    }
}
