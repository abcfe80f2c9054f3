import Foundation
import HypeChat
import Testing

/// The vectors of ircdocs, see `Fixtures/README.md`.
private struct Vectors<Case: Decodable>: Decodable {
    let tests: [Case]

    static func load(_ name: String) throws -> [Case] {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
        return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url)).tests
    }
}

private struct Atoms: Decodable {
    let tags: [String: String]?
    let source: String?
    let verb: String
    let params: [String]?
}

@Suite
struct IRCMessageTests {
    private struct SplitCase: Decodable {
        let input: String
        let atoms: Atoms
    }

    @Test
    func splitsLinesLikeTheVectors() throws {
        let cases = try Vectors<SplitCase>.load("msg-split")
        #expect(cases.count == 35)
        for test in cases {
            let message = try #require(IRCMessage(test.input), "\(test.input)")
            #expect(message.tags == test.atoms.tags ?? [:], "\(test.input)")
            #expect(message.source?.description == test.atoms.source, "\(test.input)")
            #expect(message.verb == test.atoms.verb, "\(test.input)")
            #expect(message.parameters == test.atoms.params ?? [], "\(test.input)")
        }
    }

    private struct JoinCase: Decodable {
        let desc: String?
        let atoms: Atoms
        let matches: [String]
    }

    @Test
    func joinsLinesLikeTheVectors() throws {
        let cases = try Vectors<JoinCase>.load("msg-join")
        #expect(cases.count == 18)
        for test in cases {
            let message = IRCMessage(
                tags: test.atoms.tags ?? [:],
                source: test.atoms.source.map { IRCSource($0) },
                verb: test.atoms.verb,
                parameters: test.atoms.params ?? []
            )
            #expect(test.matches.contains(message.line), "\(test.desc ?? ""): \(message.line)")
        }
    }

    private struct SourceCase: Decodable {
        struct Parts: Decodable {
            let nick: String?
            let user: String?
            let host: String?
        }
        let source: String
        let atoms: Parts
    }

    @Test
    func splitsSourcesLikeTheVectors() throws {
        let cases = try Vectors<SourceCase>.load("userhost-split")
        #expect(cases.count == 7)
        for test in cases {
            let source = IRCSource(test.source)
            #expect(source.nick == test.atoms.nick ?? "", "\(test.source)")
            #expect(source.user == test.atoms.user ?? "", "\(test.source)")
            #expect(source.host == test.atoms.host ?? "", "\(test.source)")
        }
    }

    private struct MaskCase: Decodable {
        let mask: String
        let matches: [String]
        let fails: [String]
    }

    @Test
    func masksMatchLikeTheVectors() throws {
        let cases = try Vectors<MaskCase>.load("mask-match")
        #expect(cases.count == 6)
        for test in cases {
            let mask = IRCMask(test.mask)
            for source in test.matches { #expect(mask.matches(source), "\(test.mask) \(source)") }
            for source in test.fails { #expect(!mask.matches(source), "\(test.mask) \(source)") }
        }
    }

    @Test(arguments: ["", " ", ":source", "@tag=1", "@a=b :source ", "\r\n"])
    func aLineWithoutCommandIsNoMessage(line: String) {
        #expect(IRCMessage(line) == nil)
    }

    @Test
    func emoteRangesCountUnicodeScalars() {
        let text = "👨‍👩‍👧 Kappa é Kappa"
        let ranges = EmoteRange.list(tag: "25:6-10,14-18", text: text)
        #expect(ranges.map { $0.name(in: text) } == ["Kappa", "Kappa"])
        #expect(ranges.map(\.id) == ["25", "25"])
    }

    @Test(arguments: [
        "25:0-99", "25:9223372036854775807-9223372036854775807", "25:5-1", "25:-1-3", "25:a-b", ":", "25:", "//",
        "25:0",
        "25:0-4,0-4", "1:0-2/2:1-3",
    ])
    func oddEmoteRangesAreCutOrLeftOut(tag: String) {
        for range in EmoteRange.list(tag: tag, text: "Kappa") {
            #expect(range.scalars.upperBound <= 5)
            #expect(!range.scalars.isEmpty)
        }
        #expect(EmoteRange.list(tag: tag, text: "").isEmpty)
        #expect(EmoteRange.list(tag: tag, text: "Kappa").count <= 1)
    }
}
