import ArgumentParser
import Foundation
import HypeApp

/// `hypeclip serve`: the server with REST, Socket.IO and the dashboard.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the server: dashboard, REST and Socket.IO.",
        discussion: """
            Open the address that it prints: drop a recording (and its chat log) on the page and watch the three signals, \
            the moments and the clips. Programs use the same API, see docs/api.md; events come by Socket.IO, Server-Sent \
            Events and webhooks.

            Only this machine can connect unless --host says otherwise, and then a token is required:
              HYPECLIP_SERVER_TOKEN=$(openssl rand -hex 24) hypeclip serve --host 0.0.0.0

            Everything that can be set is listed by `hypeclip settings`. SIGTERM or Ctrl-C finishes the clip that is being \
            cut, closes all connections and ends within 10 s.

            Exit codes: 0 ended as it was told, 1 failed, 2 wrong usage.
            """
    )

    @Option(help: "Address to listen on (server.host).")
    var host: String?

    @Option(help: "TCP port; 0 takes a free one (server.port).")
    var port: Int?

    @OptionGroup
    var server: ServerOptions

    @Flag(name: .shortAndLong, help: "Log what developers want to know.")
    var verbose = false

    func run() async throws {
        var flags = server.flags
        flags["server.host"] = host
        flags["server.port"] = port.map(String.init)
        let app = try await ServerApp(flags: flags, configFile: server.config, isVerbose: verbose)
        try await app.run { address in
            print("Hypeclip is at \(address) (open it in a browser; Ctrl-C ends it).")
            // Whoever starts the server from a program waits for this line.
            fflush(nil)
        }
    }
}
