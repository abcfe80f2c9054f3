import Foundation
import HypeChat
import HypeTwitch
import Logging
import Synchronization
import Testing

/// Keeps everything that is logged.
private struct Recorder: LogHandler {
    final class Tape: Sendable {
        let lines = Mutex<[String]>([])
    }

    let tape: Tape
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        tape.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct SecrecyTests {
    @Test
    func noSecretIsLoggedOrDescribed() async throws {
        let tape = Recorder.Tape()
        let logger = Logger(label: "test") { _ in Recorder(tape: tape) }
        let texts = Mutex<[String]>([])
        try await TwitchDouble.with { double in
            var settings = double.settings()
            settings.client.secret = TwitchSecret("demo-secret")
            let login = try await double.grant(["user:read:chat", "chat:read"])
            try await reading(double, settings: settings, login: login, logger: logger) { reading in
                try await reading.connected(.eventSub)
                var said: [String] = []
                // A refresh, then the end of the login, then a login by code.
                try await double.order("expire")
                try await double.order("close", #"{"code":4000}"#)
                said.append(try await reading.missing())
                try await reading.connected(.eventSub)
                try await double.order("expire", #"{"refreshes":true}"#)
                try await double.order("revoke", #"{"status":"authorization_revoked"}"#)
                said.append("\(try await reading.state { if case .degraded = $0 { true } else { false } })")
                let code = try await TwitchLogin(account: reading.account).begin()
                try await double.order("approve")
                said.append("\(try await TwitchLogin(account: reading.account).waitForApproval(code))")
                try await reading.connected(.eventSub)
                said += [
                    "\(reading.chat)", "\(code)", "\(try reading.store.load() as Any)",
                    "\(await reading.account.status)",
                ]
                var dumped = ""
                dump(reading.chat, to: &dumped)
                dump(reading.account, to: &dumped)
                dump(code, to: &dumped)
                dump(try reading.store.load(), to: &dumped)
                dump(settings, to: &dumped)
                said.append(dumped)
                texts.withLock { $0 = said }
            }
        }
        let lines = tape.lines.withLock(\.self)
        #expect(lines.contains { $0.contains("chat connected") } && lines.contains { $0.contains("login") })
        for text in lines + texts.withLock(\.self) {
            #expect(text.firstMatch(of: /(access|refresh|device)-\d|demo-secret/) == nil, "\(text)")
        }
    }
}
