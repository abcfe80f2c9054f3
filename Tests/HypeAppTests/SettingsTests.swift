import Foundation
import HypeApp
import HypeMoments
import Testing

@Suite
struct SettingsTests {
    private func read(_ environment: [String: String] = [:], json: String? = nil) async throws -> MomentSettings {
        guard let json else { return try await SettingsReader.read(configFile: nil, environment: environment) }
        let file = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(json.utf8).write(to: file)
        return try await SettingsReader.read(configFile: file.path, environment: environment)
    }

    @Test
    func environmentGoesBeforeFileBeforeDefault() async throws {
        let json = #"{"moments": {"preRoll": 6, "postRoll": 4, "chat": {"open": 0.6}}}"#
        let settings = try await read(["HYPECLIP_MOMENTS_PRE_ROLL": "8"], json: json)
        #expect(settings.preRoll == .seconds(8))
        #expect(settings.postRoll == .seconds(4))
        #expect(settings.chat.open == 0.6)
        #expect(settings.window == MomentSettings().window)
    }

    @Test
    func allMistakesAreReportedAtOnce() async throws {
        let error = try await #require(throws: AppFailure.self) {
            _ = try await read(json: #"{"moments": {"preRoll": "long", "window": 99, "voice": {"open": 7}}}"#)
        }
        for key in ["preRoll", "window", "voice.open"] { #expect(error.message.contains(key)) }
    }

    @Test
    func aMissingOrBrokenFileIsNamed() async throws {
        let missing = try await #require(throws: AppFailure.self) {
            _ = try await SettingsReader.read(configFile: "/nowhere/settings.json", environment: [:])
        }
        #expect(missing.message.contains("/nowhere/settings.json"))
        await #expect(throws: AppFailure.self) { _ = try await read(json: "{") }
    }

    @Test
    func theReferencePageIsTheOneInTheDocumentation() throws {
        let page = URL(filePath: #filePath).appending(path: "../../../docs/settings.md").standardized
        #expect(try String(contentsOf: page, encoding: .utf8) == SettingsReference.markdown)
    }
}
