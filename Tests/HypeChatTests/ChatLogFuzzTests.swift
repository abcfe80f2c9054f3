import HypeChat
import HypeCore
import Testing

@Suite
struct ChatLogFuzzTests {
    /// Bytes and texts that parsers stumble over.
    private static let nasty: [[UInt8]] =
        [
            "\"", "\\", "{", "}", "[", "]", ",", ":", ";", "@", " ", "\n", "\r\n", "\0", "\u{feff}", "\\u", "\\ud83d",
            "\\u0000",
            "-", "1e999", "-1e308", "NaN", "9223372036854775807", "99999999999999999999999", "0.0000000000000001",
            "null", "-0:0:1",
            "1:2:3:4", "tmi-sent-ts=-1", "comments", "[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "2020-13-45T99:99:99Z",
            ",,,,",
        ].map { Array($0.utf8) } + [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf8, 0x88], [0x80]]

    private static func seeds() -> [[UInt8]] {
        let settings = SyntheticChat.Settings(seed: 1, interval: MediaInterval(seconds: 0..<2))
        let events: [SyntheticChat.Event] = [
            .raid(at: .zero, viewers: 1), .giftStorm(at: MediaTime(seconds: 1), gifts: 1),
        ]
        var messages = Array(SyntheticChat(settings: settings, events: events).messages().prefix(2))
        messages.append(ChatMessage(time: .zero, userID: "1", displayName: "a", text: "", kind: .clear))
        return ChatLogFormat.allCases.map { ChatLogWriter($0).write(messages) }
    }

    private static func mutate(_ seed: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = seed
        for _ in 0...random.index(below: 4) {
            guard !bytes.isEmpty else { break }
            let place = random.index(below: bytes.count)
            switch random.index(below: 6) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.insert(contentsOf: nasty[random.index(below: nasty.count)], at: place)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.index(below: 40)))
            case 3: bytes.removeSubrange(place...)
            case 4:
                let piece = bytes[place..<min(bytes.count, place + 1 + random.index(below: 60))]
                bytes.insert(contentsOf: piece, at: random.index(below: bytes.count))
            default: bytes.replaceSubrange(place...place, with: nasty[random.index(below: nasty.count)])
            }
        }
        return bytes
    }

    @Test
    func mutatedLogsNeverTrap() {
        let seeds = Self.seeds()
        var random = SplitMix64(seed: 20_260_801)
        var readable = 0
        for index in 0..<100_000 {
            let bytes = Self.mutate(seeds[index % seeds.count], &random)
            guard let log = try? ChatLog.read(bytes) else { continue }
            readable += 1
            #expect(!log.messages.isEmpty)
            guard index % 50 == 0 else { continue }
            let sorted = zip(log.messages, log.messages.dropFirst()).allSatisfy { $0.time <= $1.time }
            #expect(sorted)
            let media = MediaInterval(seconds: 0..<120)
            #expect(SpikeDetector.observations(of: log, over: media).count == 120)
        }
        // Most mutations leave most of a log readable; fewer would mean that one bad record spoils the rest.
        #expect(readable > 75_000, "\(readable)")
    }

    @Test
    func mutatedLinesOfIRCNeverTrap() {
        let line = Array("@a=b\\s;emotes=25:0-4,6-10 :nick!user@host PRIVMSG #channel :Kappa Kappa".utf8)
        var random = SplitMix64(seed: 5)
        for _ in 0..<20_000 {
            let text = String(decoding: Self.mutate(line, &random), as: UTF8.self)
            guard let message = IRCMessage(text) else { continue }
            let tag = message.tags["emotes"] ?? ""
            for emote in EmoteRange.list(tag: tag, text: message.parameters.last ?? "") {
                #expect(!emote.name(in: message.parameters.last ?? "").isEmpty)
            }
        }
    }

    @Test
    func deepNestingIsRefused() throws {
        let deep = String(repeating: "[", count: 100_000)
        let good = #"{"content_offset_seconds":1,"commenter":{"_id":"1"},"message":{"body":"x"}}"#
        let log = try ChatLog.read(Array(#"{"comments":[\#(good),{"a":\#(deep)},\#(good)]}"#.utf8))
        #expect(log.messages.count == 2)
        #expect(log.badLineCount >= 1)
    }
}
