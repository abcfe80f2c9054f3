import Foundation
import HypeChat
import Testing

@Suite
struct IRCSessionTests {
    private static let date = Date(timeIntervalSince1970: 1_780_000_000)

    /// A session with the time it is for it.
    private struct Bench {
        var session: IRCSession
        var now: Duration = .zero

        init(channels: [String] = ["demo"], settings: IRCSessionSettings = IRCSessionSettings()) {
            session = IRCSession(channels: channels.compactMap(TwitchChannelName.init), settings: settings, seed: 1)
        }

        mutating func receive(_ text: String, endsLine: Bool = true) -> [IRCSession.Action] {
            Array(text.utf8).withUnsafeBytes {
                session.received($0, endsLine: endsLine, at: now, date: IRCSessionTests.date)
            }
        }

        /// Lets time go by; what the session does at its deadlines on the way.
        mutating func wait(_ span: Duration) -> [IRCSession.Action] {
            let end = now + span
            var actions: [IRCSession.Action] = []
            while let deadline = session.nextDeadline, deadline <= end {
                now = max(now, deadline)
                let done = session.tick(at: now)
                actions += done
                // A deadline that nothing comes of would be met for ever.
                if done.isEmpty { break }
            }
            now = end
            return actions + session.tick(at: now)
        }

        /// Connects, logs in and joins.
        mutating func settle() {
            _ = session.start(as: .anonymous, at: now)
            _ = session.opened(at: now)
            _ = receive(":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!\r\n:justinfan1!j@j.tmi.twitch.tv JOIN #demo\r\n")
        }
    }

    private static func message(_ text: String, id: String = "m1", tags: String = "") -> String {
        "@display-name=Ann;id=\(id);room-id=7;tmi-sent-ts=1780000000123;user-id=42\(tags) "
            + ":ann!ann@ann.tmi.twitch.tv PRIVMSG #demo :\(text)\r\n"
    }

    @Test
    func logsInAsGuestAndJoins() {
        var bench = Bench(channels: ["Demo"])
        #expect(bench.session.start(as: .anonymous, at: .zero) == [.connect])
        let login = bench.session.opened(at: .zero)
        #expect(login.first == .send("CAP REQ :twitch.tv/tags twitch.tv/commands"))
        guard case .send(let nick)? = login.last else {
            Issue.record("no NICK")
            return
        }
        #expect(nick.wholeMatch(of: /NICK justinfan\d{5}/) != nil)
        #expect(login.count == 2)
        #expect(bench.receive(":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands") == [])
        #expect(bench.receive(":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!") == [.send("JOIN #demo")])
        #expect(bench.receive("@room-id=7 :tmi.twitch.tv ROOMSTATE #demo") == [.joined(channel: "demo")])
        #expect(bench.receive(":tmi.twitch.tv 366 justinfan1 #demo :End of /NAMES list") == [])
    }

    @Test
    func logsInAsAnAccountWithoutShowingTheToken() {
        var bench = Bench()
        _ = bench.session.start(as: .account(login: "Ann", token: TwitchSecret("hunter2")), at: .zero)
        let actions = bench.session.opened(at: .zero)
        #expect(actions.contains(.sendPassword(TwitchSecret("hunter2"))))
        #expect(actions.last == .send("NICK ann"))
        #expect(!"\(actions)".contains("hunter2"))
        #expect(!String(reflecting: bench.session).contains("hunter2"))
    }

    @Test(arguments: ["Login authentication failed", "Improperly formatted auth", "Login unsuccessful"])
    func stopsWhereTheLoginIsRefused(reason: String) {
        var bench = Bench()
        _ = bench.session.start(as: .account(login: "ann", token: TwitchSecret("x")), at: .zero)
        _ = bench.session.opened(at: .zero)
        #expect(bench.receive(":tmi.twitch.tv NOTICE * :\(reason)") == [.disconnect, .refused(reason: reason)])
        #expect(bench.session.nextDeadline == nil)
        #expect(bench.session.closed("end of file", at: .zero) == [])
        #expect(bench.session.start(as: .anonymous, at: .zero) == [.connect])
    }

    @Test
    func deliversMessagesWithTheServersTime() {
        var bench = Bench()
        bench.settle()
        let actions = bench.receive(Self.message("hello") + Self.message("\u{1}ACTION waves\u{1}", id: "m2"))
        let sent = Date(timeIntervalSince1970: Double(1_780_000_000_123_000_000 as Int64) / 1e9)
        #expect(
            actions == [
                .deliver(
                    ChatEvent(sent: sent, userID: "42", displayName: "Ann", text: "hello", id: ChatMessageID("m1")),
                    channel: "demo"
                ),
                .deliver(
                    ChatEvent(sent: sent, userID: "42", displayName: "Ann", text: "waves", id: ChatMessageID("m2")),
                    channel: "demo"
                ),
            ]
        )
        let bare = bench.receive(":ann!ann@ann PRIVMSG #demo :no tags")
        #expect(
            bare == [
                .deliver(
                    ChatEvent(sent: Self.date, userID: "ann", displayName: "ann", text: "no tags"),
                    channel: "demo"
                )
            ]
        )
    }

    @Test
    func tellsAMessageOnceEvenAfterReconnecting() {
        var bench = Bench()
        bench.settle()
        #expect(bench.receive(Self.message("hello")).count == 1)
        #expect(bench.receive(Self.message("hello")) == [])
        _ = bench.session.closed("reset", at: bench.now)
        #expect(bench.wait(.seconds(1)) == [.connect])
        _ = bench.session.opened(at: bench.now)
        #expect(bench.receive(Self.message("hello")) == [])
        #expect(bench.session.counters.repeated == 2)
    }

    @Test
    func leavesOtherRoomsOfASharedChatOut() {
        var bench = Bench()
        bench.settle()
        #expect(bench.receive(Self.message("theirs", id: "a", tags: ";source-room-id=8")) == [])
        #expect(bench.receive(Self.message("ours", id: "b", tags: ";source-room-id=7")).count == 1)
    }

    @Test(arguments: [
        (":tmi.twitch.tv CLEARCHAT #demo", ChatMessage.Kind.clear, ""),
        ("@target-user-id=42;tmi-sent-ts=1780000000000 :tmi.twitch.tv CLEARCHAT #demo :ann", .clear, "42"),
        (
            "@login=ann;target-msg-id=m1;tmi-sent-ts=1780000000000 :tmi.twitch.tv CLEARMSG #demo :bad",
            .deletedMessage(ChatMessageID("m1")), "ann"
        ),
        (
            "@msg-id=raid;msg-param-viewerCount=1500;user-id=9;tmi-sent-ts=1780000000000 :tmi.twitch.tv USERNOTICE #demo",
            .raid(viewers: 1500), "9"
        ),
        (
            "@msg-id=submysterygift;msg-param-mass-gift-count=50;user-id=9 :tmi.twitch.tv USERNOTICE #demo",
            .gift(count: 50), "9"
        ),
        ("@msg-id=resub;user-id=9 :tmi.twitch.tv USERNOTICE #demo :yay", .subscription, "9"),
        ("@msg-id=announcement;user-id=9 :tmi.twitch.tv USERNOTICE #demo :hear", .system, "9"),
    ])
    func tellsNoticesAndRetractions(line: String, kind: ChatMessage.Kind, userID: String) {
        var bench = Bench()
        bench.settle()
        guard case .deliver(let event, channel: "demo")? = bench.receive(line).first else {
            Issue.record("nothing delivered for \(line)")
            return
        }
        #expect(event.kind == kind)
        #expect(event.userID == userID)
        let isRetraction = line.contains("CLEAR")
        #expect(event.category == (isRetraction ? .retraction : .notice))
    }

    @Test
    func answersPings() {
        var bench = Bench()
        bench.settle()
        #expect(bench.receive("PING :tmi.twitch.tv") == [.send("PONG :tmi.twitch.tv")])
        #expect(bench.receive("PING") == [.send("PONG :")])
    }

    @Test
    func asksASilentServerAndGivesItUp() {
        var bench = Bench()
        bench.settle()
        #expect(bench.wait(.seconds(10)) == [.send("PING :hypeclip")])
        #expect(bench.receive(":tmi.twitch.tv PONG tmi.twitch.tv :hypeclip") == [])
        #expect(bench.wait(.seconds(10)) == [.send("PING :hypeclip")])
        #expect(bench.wait(.seconds(5)) == [.disconnect, .lost(.silent)])
    }

    @Test
    func comesBackWhenTheServerAsksForIt() {
        var bench = Bench()
        bench.settle()
        let actions = bench.receive(":tmi.twitch.tv RECONNECT\r\n" + Self.message("after the end"))
        #expect(actions == [.disconnect, .lost(.serverAsked)])
        #expect(bench.session.closed("end of file", at: bench.now) == [])
        #expect(bench.wait(.seconds(1)) == [.connect])
        _ = bench.session.opened(at: bench.now)
        #expect(bench.receive(":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!") == [.send("JOIN #demo")])
    }

    @Test
    func pausesGrowWhileNothingWorksAndBeginAnewAfterASoundConnection() {
        var bench = Bench()
        var pauses: [Duration] = []
        _ = bench.session.start(as: .anonymous, at: bench.now)
        for _ in 0..<12 {
            #expect(bench.session.closed("refused", at: bench.now) == [.disconnect, .lost(.broken("refused"))])
            let pause = (bench.session.nextDeadline ?? .zero) - bench.now
            pauses.append(pause)
            #expect(bench.wait(pause) == [.connect])
        }
        #expect(pauses[0] <= .milliseconds(500))
        #expect(pauses[11] >= .seconds(15) && pauses[11] <= .seconds(30))
        #expect(pauses[5] > pauses[0] * 8)
        _ = bench.session.opened(at: bench.now)
        _ = bench.receive(":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!\r\n:j JOIN #demo\r\n")
        for _ in 0..<4 {
            _ = bench.wait(.seconds(9))
            _ = bench.receive("PING :x")
        }
        _ = bench.session.closed("reset", at: bench.now)
        let pause = (bench.session.nextDeadline ?? .zero) - bench.now
        #expect(pause <= .milliseconds(500))
    }

    @Test
    func givesUpALoginThatNobodyAnswers() {
        var bench = Bench()
        _ = bench.session.start(as: .anonymous, at: .zero)
        _ = bench.session.opened(at: .seconds(1))
        #expect(bench.wait(.seconds(15)) == [.disconnect, .lost(.loginTooSlow)])
    }

    @Test
    func refusesAServerWithoutTags() {
        var bench = Bench()
        _ = bench.session.start(as: .anonymous, at: .zero)
        _ = bench.session.opened(at: .zero)
        let actions = bench.receive(":tmi.twitch.tv CAP * NAK :twitch.tv/tags twitch.tv/commands")
        #expect(actions == [.disconnect, .lost(.capabilitiesRefused)])
    }

    @Test
    func joinsNoMoreThanTwentyChannelsInTenSeconds() {
        var bench = Bench(channels: (0..<50).map { "channel\($0)" })
        _ = bench.session.start(as: .anonymous, at: .zero)
        _ = bench.session.opened(at: .zero)
        var joins: [(time: Duration, line: String)] = []
        func note(_ actions: [IRCSession.Action]) {
            for case .send(let line) in actions where line.hasPrefix("JOIN ") { joins.append((bench.now, line)) }
        }
        note(bench.receive(":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!"))
        #expect(joins.count == 20)
        var answered = 0
        for _ in 0..<250 {
            while answered < joins.count {
                _ = bench.receive(":j!j@j " + joins[answered].line)
                answered += 1
            }
            bench.now += .milliseconds(100)
            note(bench.session.tick(at: bench.now))
        }
        #expect(Set(joins.map(\.line)).count == 50)
        #expect(joins.count == 50)
        for (index, join) in joins.enumerated() {
            let within = joins[index...].prefix { $0.time < join.time + .seconds(10) }
            #expect(within.count <= 20)
        }
    }

    @Test
    func saysThatAChannelCannotBeReadAndTriesAgain() {
        var bench = Bench()
        _ = bench.session.start(as: .anonymous, at: .zero)
        _ = bench.session.opened(at: .zero)
        #expect(bench.receive(":tmi.twitch.tv 001 j :Welcome, GLHF!") == [.send("JOIN #demo")])
        let reason = "This channel has been suspended."
        #expect(
            bench.receive("@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #demo :\(reason)")
                == [.unavailable(channel: "demo", reason: reason)]
        )
        var joins = 0
        for _ in 0..<70 {
            bench.now += .seconds(1)
            _ = bench.receive("PING :x")
            joins += bench.session.tick(at: bench.now).count { $0 == .send("JOIN #demo") }
        }
        #expect(joins == 1)
    }

    @Test
    func takesAJoinThatNobodyAnswersForAFailure() {
        var bench = Bench()
        _ = bench.session.start(as: .anonymous, at: .zero)
        _ = bench.session.opened(at: .zero)
        _ = bench.receive(":tmi.twitch.tv 001 j :Welcome, GLHF!")
        var unavailable = 0
        for _ in 0..<16 {
            bench.now += .seconds(1)
            _ = bench.receive("PING :x")
            for case .unavailable in bench.session.tick(at: bench.now) { unavailable += 1 }
        }
        #expect(unavailable == 1)
    }

    @Test
    func putsLinesTogetherFromAnyPieces() {
        let text = (0..<20).map { Self.message("line \($0) äöü 😀", id: "m\($0)") }.joined()
        for size in [1, 2, 3, 7, 64, 1000] {
            var bench = Bench()
            bench.settle()
            var texts: [String] = []
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                let actions = bytes[start..<min(bytes.count, start + size)].withUnsafeBytes {
                    bench.session.received($0, endsLine: false, at: bench.now, date: Self.date)
                }
                for case .deliver(let event, _) in actions { texts.append(event.text) }
            }
            #expect(texts == (0..<20).map { "line \($0) äöü 😀" })
        }
    }

    @Test
    func throwsOversizedLinesAwayAndGoesOn() {
        var bench = Bench()
        bench.settle()
        let long = String(repeating: "x", count: 100_000)
        #expect(bench.receive(Self.message(long, id: "long") + Self.message("short")).count == 1)
        #expect(bench.receive(long, endsLine: false) == [])
        #expect(bench.receive(long, endsLine: false) == [])
        #expect(bench.receive("\r\n" + Self.message("next", id: "n"), endsLine: false).count == 1)
        #expect(bench.session.counters.oversized == 2)
    }

    @Test
    func countsGarbage() {
        var bench = Bench()
        bench.settle()
        #expect(
            bench.receive("@\r\n\0\0\r\n@a=b\r\nHELLO WORLD\r\n:x PRIVMSG #demo\r\n:x PRIVMSG #other :hi\r\n") == []
        )
        #expect(bench.session.counters.bad == 6)
    }

    @Test
    func nothingHappensBeforeItsTime() {
        var bench = Bench()
        #expect(bench.receive(Self.message("early")) == [])
        #expect(bench.session.opened(at: .zero) == [])
        #expect(bench.session.tick(at: .seconds(100)) == [])
        #expect(bench.session.closed("early", at: .zero) == [])
        #expect(bench.session.nextDeadline == nil)
    }
}
