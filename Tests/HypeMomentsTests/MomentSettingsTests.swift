import Foundation
import HypeCore
import HypeMoments
import Testing

struct MomentSettingsTests {
    @Test func defaultsAreValid() throws {
        try MomentSettings().validate()
    }

    @Test func reportsAllMistakesAtOnce() throws {
        var settings = MomentSettings()
        settings.window = .seconds(-1)
        settings.chat.open = 1.5
        settings.voice.close = 0.6
        settings.longestClip = .seconds(5)
        let error = #expect(throws: MomentError.self) { try settings.validate() }
        let message = try #require(error?.message)
        #expect(error?.code == .settings)
        for part in ["window is -1.0 s", "chat.open is 1.5", "voice.close must be less", "shortestClip", "preRoll"] {
            #expect(message.contains(part), "\(part) in: \(message)")
        }
    }

    @Test("Each field reads and writes its own value", arguments: MomentSettings.fields.map(\.key))
    func fieldsAreDistinct(key: String) throws {
        let field = try #require(MomentSettings.fields.first { $0.key == key })
        var settings = MomentSettings()
        let value = field.standard == field.range.upperBound ? field.range.lowerBound : field.range.upperBound
        field.set(value, in: &settings)
        #expect(field.value(in: settings) == value)
        for other in MomentSettings.fields where other.key != key {
            #expect(other.value(in: settings) == other.standard)
        }
        #expect(field.range.contains(field.standard))
        #expect(field.summary.hasSuffix("."))
    }

    @Test func survivesJSON() throws {
        let settings = RandomStream(seed: 3).settings
        let data = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(MomentSettings.self, from: data) == settings)
    }

    @Test func keepsDefaultsForWhatIsNotNamed() throws {
        var expected = MomentSettings()
        expected.voice.open = 0.7
        expected.preRoll = .seconds(20)
        let json = Data(#"{"voice.open": 0.7, "preRoll": 20}"#.utf8)
        #expect(try JSONDecoder().decode(MomentSettings.self, from: json) == expected)
    }

    @Test func refusesUnknownNames() {
        let json = Data(#"{"preRol": 20}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(MomentSettings.self, from: json) }
    }
}
