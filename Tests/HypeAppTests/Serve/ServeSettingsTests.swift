import Foundation
import HypeApp
import Testing

@Suite
struct ServeSettingsTests {
    private func read(
        _ environment: [String: String] = [:],
        flags: [String: String] = [:],
        json: String? = nil
    ) async throws -> ServeSettings {
        var path: String?
        if let json {
            let file = FileManager.default.temporaryDirectory.appending(path: "serve-\(UUID().uuidString).json")
            try Data(json.utf8).write(to: file)
            path = file.path
        }
        defer { if let path { try? FileManager.default.removeItem(atPath: path) } }
        return try await SettingsReader.readServer(flags: flags, configFile: path, environment: environment).server
    }

    @Test
    func nothingSetGivesTheDefaults() async throws {
        #expect(try await read() == ServeSettings())
    }

    @Test
    func flagsGoBeforeEnvironmentBeforeFileBeforeDefault() async throws {
        let json =
            #"{"server": {"port": 1, "host": "127.0.0.2", "origins": ["http://a", "http://b"]}, "retention": {"age": 1.5}}"#
        let settings = try await read(
            ["HYPECLIP_SERVER_PORT": "2", "HYPECLIP_SERVER_HOST": "127.0.0.3"],
            flags: ["server.port": "3"],
            json: json
        )
        #expect(settings.port == 3)
        #expect(settings.host == "127.0.0.3")
        #expect(settings.origins == ["http://a", "http://b"])
        #expect(settings.clipAge == 1.5)
    }

    @Test
    func allMistakesAreReportedAtOnce() async throws {
        let error = try await #require(throws: AppFailure.self) {
            _ = try await read(
                [
                    "HYPECLIP_RETENTION_COUNT": "many", "HYPECLIP_STORE_KIND": "paper",
                    "HYPECLIP_SERVER_HOST": "0.0.0.0",
                ],
                flags: ["server.port": "70000"]
            )
        }
        for key in ["server.port", "retention.count", "store.kind", "server.token"] {
            #expect(error.message.contains(key), "\(key) is missing in: \(error.message)")
        }
    }

    @Test
    func aValueOfTheWrongKindInTheFileIsAMistakeToo() async throws {
        let error = try await #require(throws: AppFailure.self) {
            _ = try await read(
                json:
                    #"{"server": {"port": 1.5}, "retention": {"recordings": 3}, "moments": {"window": "wide", "preRoll": 999}}"#
            )
        }
        for key in ["server.port", "retention.recordings", "moments.window", "preRoll"] {
            #expect(error.message.contains(key), "\(key) is missing in: \(error.message)")
        }
    }

    @Test
    func whatOthersCanReachNeedsAToken() async throws {
        await #expect(throws: AppFailure.self) { _ = try await read(flags: ["server.host": "192.168.1.5"]) }
        let open = try await read(["HYPECLIP_SERVER_TOKEN": "0123456789abcdef"], flags: ["server.host": "192.168.1.5"])
        #expect(open.token.revealed == "0123456789abcdef")
        await #expect(throws: AppFailure.self) { _ = try await read(["HYPECLIP_SERVER_TOKEN": "short"]) }
    }

    @Test
    func secretsShowInNoDescription() async throws {
        let settings = try await read([
            "HYPECLIP_SERVER_TOKEN": "a-very-secret-token", "HYPECLIP_STORE_URL": "mongodb://user:hidden@db",
        ])
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped] {
            #expect(!text.contains("a-very-secret-token") && !text.contains("hidden"))
        }
    }
}
