import HypeChat
import HypeCore
import Testing

/// A made-up recording and what the detector says about it.
private struct Scenario {
    let observations: [Observation]

    init(
        seed: UInt64,
        minutes: Double,
        rate: Double = 154,
        events: [SyntheticChat.Event] = [],
        extra: [ChatMessage] = [],
        detector: SpikeDetector.Settings = SpikeDetector.Settings()
    ) {
        let media = MediaInterval(seconds: 0..<(minutes * 60))
        var settings = SyntheticChat.Settings(seed: seed, interval: media)
        settings.messagesPerMinute = rate
        // A quiet background, so that what is found is what was planted.
        settings.variability = 0.25
        let messages = SyntheticChat(settings: settings, events: events).messages() + extra
        observations = SpikeDetector.observations(of: ChatLog(messages: messages), over: media, settings: detector)
    }

    /// The highest score in a stretch.
    func score(_ seconds: Range<Int>) -> Double { observations[seconds].compactMap(\.score).max() ?? 0 }

    /// The evidence at the highest score in a stretch.
    func evidence(_ seconds: Range<Int>) throws -> ChatEvidence {
        let best = try #require(observations[seconds].max { $0.score ?? 0 < $1.score ?? 0 })
        guard case .chat(let evidence)? = best.evidence else { throw MissingEvidence() }
        return evidence
    }

    /// What is said about rises that are no alarm in a stretch.
    func suppressed(_ seconds: Range<Int>) -> Set<String> {
        Set(
            observations[seconds].compactMap { observation in
                guard case .chat(let evidence)? = observation.evidence else { return nil }
                return evidence.suppressed
            }
        )
    }
}

private struct MissingEvidence: Error {}

private func message(_ seconds: Double, _ user: String, _ text: String = "x") -> ChatMessage {
    ChatMessage(time: MediaTime(seconds: seconds), userID: user, displayName: user, text: text)
}

@Suite
struct SpikeDetectorTests {
    private static let at = MediaTime(seconds: 900)

    @Test(arguments: [(5.0, 154.0), (6, 154), (6, 40), (10, 10), (4, 600)])
    func findsBurstsAndWhenTheyBegan(burst: (peak: Double, rate: Double)) throws {
        let event = SyntheticChat.Event.hype(at: Self.at, peak: burst.peak)
        var errors: [Double] = []
        for seed in 1...5 as ClosedRange<UInt64> {
            let scenario = Scenario(seed: seed, minutes: 18, rate: burst.rate, events: [event])
            #expect(scenario.score(905..<960) >= 0.5)
            let evidence = try scenario.evidence(905..<960)
            #expect(Double(evidence.uniqueUsers) > 2 * evidence.baseline)
            #expect(evidence.messagesPerSecond > burst.rate / 60 * 1.5)
            #expect(evidence.topMessages.count > (burst.rate > 20 ? 2 : 0))
            #expect(evidence.suppressed == nil)
            errors.append(try #require(evidence.onset).seconds - 905)
        }
        // The rise begins 5 s after the event and takes 16 s; a wave just before it may be taken for its beginning.
        let median = errors.sorted()[2]
        #expect((-2...9).contains(median), "\(errors)")
    }

    @Test
    func aRiseToOneAndAHalfTimesIsNoAlarm() {
        let scenario = Scenario(seed: 4, minutes: 20, events: [.hype(at: Self.at, peak: 1.5)])
        #expect(scenario.score(300..<1200) < 0.5)
    }

    @Test(
        arguments: [
            (SyntheticChat.Event.giftStorm(at: at), "gifts"), (.soloFlood(at: at, messages: 150), "one user"),
            (.spam(at: at, messages: 150), "users"), (.botNet(at: at, accounts: 150), "new accounts"),
            (.raid(at: at), "raid"),
        ],
        [154.0, 20]
    )
    func whatOnlyLooksLikeABurstIsNoAlarmAndSaysWhy(
        decoy: (event: SyntheticChat.Event, reason: String),
        rate: Double
    ) {
        let scenario = Scenario(seed: 5, minutes: 20, rate: rate, events: [decoy.event])
        #expect(scenario.score(300..<1200) < 0.5)
        let reasons = scenario.suppressed(900..<960)
        #expect(reasons.contains { $0.contains(decoy.reason) }, "\(reasons)")
        #expect(scenario.suppressed(300..<895).isEmpty)
    }

    @Test
    func aBurstIsFoundInSpiteOfGiftsAndAFlood() {
        let events: [SyntheticChat.Event] = [.hype(at: Self.at), .giftStorm(at: Self.at), .soloFlood(at: Self.at)]
        #expect(Scenario(seed: 6, minutes: 20, events: events).score(905..<960) >= 0.5)
    }

    @Test
    func regularsWhoCheerAfterARaidStillCount() {
        let events: [SyntheticChat.Event] = [.raid(at: Self.at), .hype(at: Self.at + .seconds(70), peak: 8)]
        #expect(Scenario(seed: 7, minutes: 20, events: events).score(975..<1030) >= 0.5)
    }

    @Test
    func theSameTextFromRegularsAndNewcomersIsNoBotNet() {
        let known = (0..<400).map { message(Double($0) * 2, "regular\($0 % 200)", "hello \($0)") }
        let cheer = (0..<60).map { message(900 + Double($0) / 10, $0 % 4 == 0 ? "new\($0)" : "regular\($0)", "POG") }
        let scenario = Scenario(seed: 8, minutes: 20, rate: 20, extra: known + cheer)
        #expect(scenario.score(900..<930) >= 0.5)
    }

    @Test
    func removedMessagesAreTakenBack() {
        let flood = (0..<60).map { message(900 + Double($0) / 20, "user\($0)", "text \($0)") }
        let bans = (0..<60).map {
            ChatMessage(time: MediaTime(seconds: 904), userID: "user\($0)", displayName: "", text: "", kind: .clear)
        }
        let without = Scenario(seed: 9, minutes: 20, rate: 20, extra: flood)
        let with = Scenario(seed: 9, minutes: 20, rate: 20, extra: flood + bans)
        #expect(without.score(905..<930) >= 0.5)
        #expect(with.score(905..<930) < 0.5)
    }

    @Test
    func deletedMessagesAreTakenBack() throws {
        var detector = SpikeDetector()
        let id = ChatMessageID("one")
        var first = message(0.5, "a")
        first.id = id
        detector.ingest(first)
        detector.ingest(message(0.6, "b"))
        var users = detector.advance(to: MediaTime(seconds: 1)).map(\.users)
        detector.ingest(
            ChatMessage(
                time: MediaTime(seconds: 1.5),
                userID: "",
                displayName: "",
                text: "",
                kind: .deletedMessage(id)
            )
        )
        users += detector.advance(to: MediaTime(seconds: 2)).map(\.users)
        #expect(users == [2, 1])
    }

    @Test
    func botsAndCommandsDoNotCount() {
        var detector = SpikeDetector()
        detector.ingest(message(0.1, "nightbot"))
        detector.ingest(message(0.2, "a", "!play"))
        detector.ingest(message(0.3, "b", "!"))
        #expect(detector.advance(to: MediaTime(seconds: 1)).map(\.users) == [1])
    }

    @Test(arguments: [(4, false), (5, true), (12, true)])
    func smallChannelsNeedFivePeople(people: (count: Int, isCounted: Bool)) {
        var settings = SpikeDetector.Settings()
        settings.silentStart = .zero
        settings.baselinePrior = .init(uniqueUsers: 0.3, dispersion: 1, lines: 0.3, lineDispersion: 1)
        var detector = SpikeDetector(settings: settings)
        for index in 0..<40 {
            detector.ingest(message(Double(index) / 4, "user\(index % people.count)", "wow \(index)"))
        }
        let best = detector.advance(to: MediaTime(seconds: 12)).compactMap(\.score).max() ?? 0
        #expect((best > 0.4) == people.isCounted, "\(best)")
        #expect(people.isCounted || best == 0)
    }

    @Test
    func aCrowdInASmallChannelIsFound() {
        let crowd = (0..<24).map { message(900 + Double($0) / 3, "user\($0)", "wow \($0)") }
        #expect(Scenario(seed: 10, minutes: 20, rate: 5, extra: crowd).score(900..<930) >= 0.5)
    }

    @Test
    func aShortRecordingCanHaveASpikeAfterHalfAMinute() {
        for seed in 1...5 as ClosedRange<UInt64> {
            let scenario = Scenario(seed: seed, minutes: 5, events: [.hype(at: MediaTime(seconds: 40))])
            #expect(scenario.score(0..<29) == 0)
            #expect(scenario.score(45..<90) >= 0.5)
            #expect(scenario.score(120..<300) < 0.5)
        }
    }

    @Test
    func aLiveStreamHasNoAlarmInItsFirstTwoMinutes() {
        let settings = SyntheticChat.Settings(seed: 3, interval: MediaInterval(seconds: 0..<200))
        let chat = SyntheticChat(settings: settings, events: [.hype(at: MediaTime(seconds: 70), peak: 8)])
        var detector = SpikeDetector()
        for message in chat.messages() { detector.ingest(message) }
        let observations = detector.advance(to: MediaTime(seconds: 200))
        #expect(observations.prefix(119).allSatisfy { $0.score == 0 })
    }

    @Test
    func liveAndAtOnceGiveTheSameObservations() {
        let media = MediaInterval(seconds: 0..<900)
        let settings = SyntheticChat.Settings(seed: 12, interval: media)
        let messages = SyntheticChat(settings: settings, events: [.hype(at: MediaTime(seconds: 700))]).messages()
        var atOnce = SpikeDetector()
        for message in messages { atOnce.ingest(message) }
        let expected = atOnce.advance(to: media.end)
        var live = SpikeDetector()
        var observations: [Observation] = []
        var index = 0
        for step in stride(from: 0.7, through: 900.7, by: 0.7) {
            while index < messages.count, messages[index].time.seconds < step {
                live.ingest(messages[index])
                index += 1
            }
            observations += live.advance(to: MediaTime(seconds: min(step, 900)))
        }
        #expect(observations.count == 900)
        #expect(observations == expected)
    }

    @Test
    func aDeadChatStaysQuiet() {
        let scenario = Scenario(seed: 1, minutes: 10, rate: 0, extra: [message(300, "a"), message(310, "b")])
        #expect(scenario.observations.count == 600)
        #expect(scenario.observations[300..<330].allSatisfy { $0.score == 0 })
    }

    @Test
    func missingChatSaysWhy() throws {
        let media = MediaInterval(seconds: 0..<3600)
        let none = SpikeDetector.observations(of: nil, over: media)
        #expect(none.count == 3600)
        #expect(none.allSatisfy { $0.score == nil && $0.missing == "no chat log was given" })
        let talk = SyntheticChat.Settings(seed: 2, interval: MediaInterval(seconds: 900..<2400))
        let log = ChatLog(messages: SyntheticChat(settings: talk).messages())
        let partly = SpikeDetector.observations(of: log, over: media)
        #expect(partly.count == 3600)
        #expect(partly[0..<890].allSatisfy { $0.missing == "the chat log begins later than the recording" })
        #expect(partly[910..<2390].allSatisfy { $0.score != nil })
        #expect(partly[2410...].allSatisfy { $0.missing == "the chat log ends before the recording does" })
        let other = SpikeDetector.observations(of: log, over: MediaInterval(seconds: 9000..<9060))
        #expect(other.allSatisfy { $0.missing == "the chat log has no message within the recording" })
        let covered = SpikeDetector.observations(of: log, over: MediaInterval(seconds: 1000..<1600))
        #expect(covered.count == 600)
        #expect(covered.allSatisfy { $0.score != nil })
        #expect(covered.first?.interval == MediaInterval(seconds: 1000..<1001))
    }

    @Test
    func extremeTimesDoNoHarm() {
        var detector = SpikeDetector()
        for time: Int64 in [.min, -1, 0, 1, .max] {
            detector.ingest(
                ChatMessage(time: MediaTime(nanoseconds: time), userID: "a", displayName: "a", text: "x")
            )
        }
        #expect(detector.advance(to: MediaTime(nanoseconds: .min)).isEmpty)
        #expect(detector.advance(to: MediaTime(seconds: 10)).count == 10)
        #expect(detector.advance(to: MediaTime(nanoseconds: .max)).count == SpikeDetector.longestAdvance)
        #expect(detector.advance(to: MediaTime(seconds: 20)).isEmpty)
    }

    @Test
    func lateMessagesCountWithinTheWindowOnly() {
        var detector = SpikeDetector()
        _ = detector.advance(to: MediaTime(seconds: 100))
        detector.ingest(message(95, "a"))
        detector.ingest(message(50, "b"))
        #expect(detector.lateMessages == 1)
        #expect(detector.advance(to: MediaTime(seconds: 101)).map(\.users) == [1])
    }

    @Test
    func forgottenUsersDoNotDisturbTheWindow() {
        var small = SpikeDetector.Settings()
        small.rememberedUsers = 1000
        var detectors = [SpikeDetector(), SpikeDetector(settings: small)]
        for second in 0..<400 {
            for index in 0..<10 {
                let line = message(Double(second) + Double(index) / 10, "user\(second * 5 + index)", "text \(index)")
                for each in detectors.indices { detectors[each].ingest(line) }
            }
            let users = detectors.indices.map {
                detectors[$0].advance(to: MediaTime(seconds: Double(second + 1))).map(\.users)
            }
            #expect(users[0] == users[1])
        }
    }

    @Test
    func ordinaryChatIsSeldomAnAlarm() {
        var alarms = 0
        for seed in 1...3 as ClosedRange<UInt64> {
            let media = MediaInterval(seconds: 0..<7200)
            let settings = SyntheticChat.Settings(seed: seed, interval: media)
            let log = ChatLog(messages: SyntheticChat(settings: settings).messages())
            var below = 30
            for observation in SpikeDetector.observations(of: log, over: media) {
                if observation.score ?? 0 >= 0.5 {
                    if below >= 30 { alarms += 1 }
                    below = 0
                } else {
                    below += 1
                }
            }
        }
        // Six hours; the long measurement gave 1.4 alarms per hour.
        #expect(alarms <= 14)
    }
}

extension Observation {
    /// Distinct users in the window.
    fileprivate var users: Int {
        guard case .chat(let chat)? = evidence else { return -1 }
        return chat.uniqueUsers
    }
}
