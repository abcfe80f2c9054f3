import Foundation
import HypeApp
import HypeChat
import HypeCore
import HypeMoments
import Testing

@Suite
struct LiveChatTests {
    private static let second: Int64 = 1_000_000_000
    /// The wall clock at monotonic zero.
    private static let epoch: Int64 = 1_700_000_000 * second

    private static func stream() -> LiveClock {
        var clock = LiveClock(origin: 0)
        clock.add(media: .zero, arrival: 0)
        return clock
    }

    /// Writes lines: `users` people in each of the seconds, each once.
    private static func write(_ chat: inout LiveChat, seconds: Range<Int>, users: Int) -> [Observation] {
        seconds.flatMap { second in
            for user in 0..<users {
                let sent = epoch + Int64(second) * Self.second + Int64(user) * 1_000_000
                let event = ChatEvent(
                    sent: Date(timeIntervalSince1970: Double(sent) / 1e9),
                    userID: "\(second % 40)-\(user)",
                    displayName: "",
                    text: "no way \(user)"
                )
                chat.take(event, wall: sent + 100_000_000, monotonic: sent - epoch + 100_000_000, stream: stream())
            }
            return chat.advance(to: MediaTime(seconds: Double(second) + 1))
        }
    }

    @Test
    func secondsWithoutChatAreMissingWithTheReason() {
        var chat = LiveChat(missing: "not named")
        #expect(chat.advance(to: MediaTime(seconds: 1)).isEmpty)
        let observations = chat.advance(to: MediaTime(seconds: 4.2))
        #expect(observations.count == 3)
        let reasons = Set(observations.map(\.missing))
        #expect(reasons == ["not named"])
        #expect(chat.advance(to: MediaTime(seconds: 4.9)).isEmpty)
    }

    @Test
    func everySecondIsJudgedOnceAndInOrder() {
        var chat = LiveChat(missing: "x")
        chat.connect()
        let observations = Self.write(&chat, seconds: 0..<100, users: 2)
        let starts = observations.map(\.interval.start.seconds)
        #expect(starts == (0..<99).map(Double.init))
        #expect(observations.allSatisfy { $0.score != nil })
    }

    @Test
    func aBurstIsSeenAfterTheFirstMinute() {
        var chat = LiveChat(missing: "x")
        chat.connect()
        var observations = Self.write(&chat, seconds: 0..<240, users: 1)
        let calm = observations.compactMap(\.score).max() ?? 1
        observations = Self.write(&chat, seconds: 240..<262, users: 14)
        let loud = observations.compactMap(\.score).max() ?? 0
        #expect(calm < 0.5)
        #expect(loud > 0.5)
    }

    @Test
    func whatWasLearnedSurvivesAnInterruption() throws {
        var chat = LiveChat(missing: "x")
        chat.connect()
        _ = Self.write(&chat, seconds: 0..<300, users: 2)
        let before = try #require(chat.prior)
        chat.disconnect("connection lost")
        let away = Self.write(&chat, seconds: 300..<320, users: 0)
        let reasons = Set(away.dropFirst().map(\.missing))
        #expect(reasons == ["connection lost"])
        chat.connect()
        _ = Self.write(&chat, seconds: 320..<325, users: 2)
        #expect(chat.prior == before)
        let late = Self.write(&chat, seconds: 325..<370, users: 2) + Self.write(&chat, seconds: 370..<392, users: 16)
        #expect((late.compactMap(\.score).max() ?? 0) > 0.5)
    }

    @Test
    func aStreamThatBeginsLateIsJudgedFromThereOn() {
        var chat = LiveChat(missing: "x")
        chat.connect()
        #expect(chat.advance(to: MediaTime(seconds: 31)).isEmpty)
        let first = chat.advance(to: MediaTime(seconds: 32)).first
        #expect(first?.interval.start == MediaTime(seconds: 30) && first?.score == 0)
    }

    @Test
    func linesWithoutSenseDoNotTrap() {
        var chat = LiveChat(missing: "x")
        chat.connect()
        for sent in [
            Date.distantPast, .distantFuture, Date(timeIntervalSince1970: 1e300), Date(timeIntervalSince1970: .nan),
        ] {
            let event = ChatEvent(sent: sent, userID: "", displayName: "", text: "")
            chat.take(event, wall: Self.epoch, monotonic: 0, stream: Self.stream())
        }
        #expect(chat.lines == 4)
        #expect(chat.advance(to: MediaTime(seconds: 1)).isEmpty)
        #expect(chat.advance(to: MediaTime(seconds: 3)).count == 2)
    }
}
