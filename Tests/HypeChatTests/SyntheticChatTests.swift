import Foundation
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

    @Test
    func theGeneratorIsTheSameOnEveryMachine() {
        var random = SplitMix64(seed: 1_234_567)
        // The first numbers of the reference implementation.
        #expect(
            (0..<3).map { _ in random.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ]
        )
        for value in [-20.0, -1, -0.01, 0, 0.5, 3, 12] {
            #expect(abs(SplitMix64.exponential(value) / exp(value) - 1) < 1e-9)
        }
    }

    @Test
    func countsArePoissonDistributed() {
        var random = SplitMix64(seed: 3)
        for mean in [0.3, 4, 40] {
            let counts = (0..<20_000).map { _ in Double(random.poisson(mean)) }
            let average = counts.reduce(0, +) / 20_000
            let variance = counts.map { ($0 - average) * ($0 - average) }.reduce(0, +) / 20_000
            #expect(abs(average / mean - 1) < 0.03)
            #expect(abs(variance / mean - 1) < 0.06)
        }
    }

    @Test
    func ordinaryTalkHasTheStatisticsOfRealChat() {
        let media = MediaInterval(seconds: 0..<28_800)
        let events = SyntheticChat.naturalEvents(seed: 5, over: media)
        let chat = SyntheticChat(settings: SyntheticChat.Settings(seed: 5, interval: media), events: events)
        let statistics = ChatStatistics(chat.messages(), seconds: 28_800)
        #expect((140...185).contains(statistics.messagesPerMinute))
        #expect((10...22).contains(statistics.dispersion), "\(statistics.dispersion)")
        #expect((80...105).contains(statistics.usersPerMinute), "\(statistics.usersPerMinute)")
        #expect((0.17...0.24).contains(statistics.topHundredthShare), "\(statistics.topHundredthShare)")
        #expect((0.14...0.19).contains(statistics.laughterShare), "\(statistics.laughterShare)")
        #expect((0.02...0.085).contains(statistics.sameAgainShare), "\(statistics.sameAgainShare)")
        #expect((0.01...0.09).contains(statistics.copypastaShare), "\(statistics.copypastaShare)")
        #expect((0.003...0.03).contains(statistics.commandShare), "\(statistics.commandShare)")
        #expect((0.003...0.009).contains(statistics.botShare), "\(statistics.botShare)")
        #expect((0.55...0.69).contains(statistics.usersPerMessage), "\(statistics.usersPerMessage)")
        #expect((0.27...0.5).contains(statistics.repeatedShare), "\(statistics.repeatedShare)")
    }

    @Test
    func burstsHaveTheShapeOfRealBursts() {
        let shape = (0..<1200).map { SyntheticChat.burstShape(seconds: Double($0) / 10) }
        let peak = shape.indices.max { shape[$0] < shape[$1] } ?? 0
        let rise = (shape.firstIndex { $0 >= 0.9 } ?? 0) - (shape.firstIndex { $0 >= 0.1 } ?? 0)
        let decay = (shape[peak...].firstIndex { $0 <= 0.5 } ?? 0) - peak
        #expect((80...120).contains(rise))
        #expect((70...80).contains(decay))
        // At a peak of six times the ordinary rate.
        let aboveTwice = shape.filter { 1 + 5 * $0 >= 2 }.count
        #expect((230...310).contains(aboveTwice))

        let media = MediaInterval(seconds: 0..<120)
        let bursts = (1...20 as ClosedRange<UInt64>).map { seed in
            let settings = SyntheticChat.Settings(seed: seed, interval: media)
            let events: [SyntheticChat.Event] = [.hype(at: MediaTime(seconds: 40))]
            let messages = SyntheticChat(settings: settings, events: events).messages()
            return Array(messages.filter { (55..<75).contains($0.time.seconds) }.prefix(150))
        }
        let users = bursts.map { Double(Set($0.map(\.userID)).count) / Double($0.count) }.reduce(0, +) / 20
        let repeated = bursts.map { 1 - Double(Set($0.map(\.text)).count) / Double($0.count) }.reduce(0, +) / 20
        #expect((0.69...0.82).contains(users), "\(users)")
        #expect((0.38...0.65).contains(repeated), "\(repeated)")
    }

    @Test
    func eventsAreWhatTheySay() {
        let at = MediaTime(seconds: 60)
        let events: [SyntheticChat.Event] = [
            .giftStorm(at: at), .raid(at: at), .soloFlood(at: at), .spam(at: at), .botNet(at: at),
        ]
        var settings = SyntheticChat.Settings(seed: 2, interval: MediaInterval(seconds: 0..<120))
        settings.messagesPerMinute = 0
        let all = events.map { SyntheticChat(settings: settings, events: [$0]).messages() }
        #expect(all.map(\.count) == [51, 151, 60, 60, 40])
        #expect(all[0].allSatisfy { if case .gift = $0.kind { true } else { false } })
        #expect(Set(all[1].filter { $0.kind == .message }.map(\.userID)).count == 150)
        #expect(all[1].first?.kind == .raid(viewers: 150))
        #expect(Set(all[2].map(\.userID)).count == 1)
        #expect(Set(all[3].map(\.userID)).count == 3)
        #expect(Set(all[4].map(\.text)).count == 1)
        #expect(Set(all[4].map(\.userID)).count == 40)
    }
}
