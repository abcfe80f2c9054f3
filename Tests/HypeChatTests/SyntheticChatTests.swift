import HypeChat
import HypeCore
import Testing

@Suite
struct SyntheticChatTests {
    @Test
    func theSameSeedGivesTheSameChat() {
        let settings = SyntheticChat.Settings(seed: 7, interval: MediaInterval(seconds: 0..<300))
        let events: [SyntheticChat.Event] = [.hype(at: MediaTime(seconds: 120)), .raid(at: MediaTime(seconds: 200))]
        let first = SyntheticChat(settings: settings, events: events).messages()
        #expect(first == SyntheticChat(settings: settings, events: events).messages())
        #expect(first.count > 600)
    }

    @Test(arguments: ChatLogFormat.allCases)
    func everyFormatSurvivesTheWayThereAndBack(format: ChatLogFormat) throws {
        let settings = SyntheticChat.Settings(seed: 11, interval: MediaInterval(seconds: 0..<120))
        let events: [SyntheticChat.Event] = [
            .hype(at: MediaTime(seconds: 60)), .raid(at: MediaTime(seconds: 20)),
            .giftStorm(at: MediaTime(seconds: 80)),
        ]
        let messages = SyntheticChat(settings: settings, events: events).messages()
        let start: Duration = .seconds(1_712_345_678)
        let bytes = ChatLogWriter(format, streamStart: start).write(messages)
        let log = try ChatLog.read(bytes, streamStart: start)
        #expect(log.format == format)
        #expect(log.badLineCount == 0, "\(log.badLines)")
        #expect(log.messages.count == messages.count)
        for (read, written) in zip(log.messages, messages) where read != written {
            Issue.record("\(read) instead of \(written)")
            break
        }
    }
}
