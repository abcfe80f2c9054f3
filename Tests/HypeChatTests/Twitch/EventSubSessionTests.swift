import Foundation
import HypeChat
import Testing

@Suite
struct EventSubSessionTests {
    /// Messages as Twitch writes them.
    private enum Wire {
        static func stamp(_ seconds: Int) -> String {
            let date = Date(timeIntervalSince1970: 1_780_000_000 + Double(seconds))
            return date.formatted(.iso8601).replacing("Z", with: ".123456789Z")
        }
        static func frame(_ type: String, id: String, at seconds: Int = 0, payload: String) -> String {
            #"{"metadata":{"message_id":"\#(id)","message_type":"\#(type)","message_timestamp":"\#(stamp(seconds))"},"#
                + #""payload":\#(payload)}"#
        }
        static func welcome(_ session: String, keepalive: String = "10", id: String = "w") -> String {
            frame(
                "session_welcome",
                id: id,
                payload:
                    #"{"session":{"id":"\#(session)","status":"connected","keepalive_timeout_seconds":\#(keepalive),"#
                    + #""reconnect_url":null}}"#
            )
        }
        static func reconnect(_ url: String) -> String {
            frame(
                "session_reconnect",
                id: "r",
                payload: #"{"session":{"id":"s1","status":"reconnecting","keepalive_timeout_seconds":null,"#
                    + #""reconnect_url":"\#(url)"}}"#
            )
        }
        static func notification(_ type: String, id: String, at seconds: Int = 0, event: String) -> String {
            frame(
                "notification",
                id: id,
                at: seconds,
                payload: #"{"subscription":{"type":"\#(type)"},"event":\#(event)}"#
            )
        }
        static func message(_ text: String, id: String, messageID: String? = nil, at seconds: Int = 0) -> String {
            notification(
                "channel.chat.message",
                id: id,
                at: seconds,
                event:
                    #"{"broadcaster_user_id":"7","chatter_user_id":"42","chatter_user_login":"ann","chatter_user_name":"Ann","#
                    + #""message_id":"\#(messageID ?? id)","message":{"text":"\#(text)","fragments":[]},"#
                    + #""source_broadcaster_user_id":null}"#
            )
        }
        static func revocation(_ type: String, _ status: String) -> String {
            frame("revocation", id: "v", payload: #"{"subscription":{"type":"\#(type)","status":"\#(status)"}}"#)
        }
    }

    private struct Bench {
        var session: EventSubSession
        var now: Duration = .zero

        init(settings: EventSubSessionSettings = EventSubSessionSettings()) {
            session = EventSubSession(settings: settings, seed: 1)
        }

        mutating func receive(_ text: String, socket: Int = 1) -> [EventSubSession.Action] {
            Array(text.utf8).withUnsafeBytes { session.received($0, socket: socket, at: now) }
        }

        /// Connects and subscribes everything.
        mutating func settle() {
            _ = session.start(at: now)
            _ = receive(Wire.welcome("s1"))
            for topic in EventSubTopic.allCases { _ = session.subscribed(topic, session: "s1", .accepted, at: now) }
        }

        mutating func wait(_ span: Duration) -> [EventSubSession.Action] {
            now += span
            return session.tick(at: now)
        }
    }

    private static func texts(_ actions: [EventSubSession.Action]) -> [String] {
        actions.compactMap { if case .deliver(let event) = $0 { event.text } else { nil } }
    }

    @Test
    func subscribesAfterTheWelcomeAndIsReady() {
        var bench = Bench()
        #expect(bench.session.start(at: .zero) == [.connect(socket: 1, url: nil)])
        let actions = bench.receive(Wire.welcome("s1"))
        #expect(actions == EventSubTopic.allCases.map { .subscribe($0, session: "s1") })
        for topic in EventSubTopic.allCases.dropLast() {
            #expect(bench.session.subscribed(topic, session: "s1", .accepted, at: .zero) == [])
        }
        #expect(bench.session.subscribed(.clear, session: "s1", .accepted, at: .zero) == [.ready])
    }

    @Test
    func deliversMessagesWithTwitchsTimeToTheNanosecond() {
        var bench = Bench()
        bench.settle()
        guard case .deliver(let event)? = bench.receive(Wire.message(#"h\u00e9llo \ud83d\ude00"#, id: "n1")).first
        else {
            Issue.record("nothing delivered")
            return
        }
        #expect(event.text == "héllo 😀")
        #expect(event.userID == "42")
        #expect(event.displayName == "Ann")
        #expect(event.id == ChatMessageID("n1"))
        #expect(abs(event.sent.timeIntervalSince1970 - 1_780_000_000.123456789) < 1e-6)
    }

    @Test
    func givesTheSameEventsAsIRC() {
        var irc = IRCSession(channels: [TwitchChannelName("demo")].compactMap(\.self), seed: 1)
        _ = irc.start(as: .anonymous, at: .zero)
        _ = irc.opened(at: .zero)
        var bench = Bench()
        bench.settle()
        let id = "cc106a89-1814-919d-454c-f4f2f970aae7"
        let when = "tmi-sent-ts=1780000000123"
        let target =
            #""broadcaster_user_id":"7","target_user_id":"42","target_user_name":"ann","target_user_login":"ann""#
        let who = #""broadcaster_user_id":"7","chatter_user_id":"42","chatter_user_name":"Ann","message_id":"\#(id)""#
        let table: [(line: String, type: String, event: String)] = [
            (
                "@display-name=Ann;id=\(id);user-id=42;\(when) :ann!a@a PRIVMSG #demo :\u{1}ACTION waves\u{1}",
                "channel.chat.message", #"{\#(who),"message":{"text":"\u0001ACTION waves\u0001"}}"#
            ),
            (
                "@display-name=Ann;id=\(id);msg-id=raid;msg-param-viewerCount=12;user-id=42;system-msg=12\\sraiders;\(when) "
                    + ":tmi.twitch.tv USERNOTICE #demo",
                "channel.chat.notification",
                #"{\#(who),"notice_type":"raid","raid":{"viewer_count":12},"message":{"text":""},"system_message":"12 raiders"}"#
            ),
            (
                "@display-name=Ann;id=\(id);msg-id=submysterygift;msg-param-mass-gift-count=5;user-id=42;\(when) "
                    + ":tmi.twitch.tv USERNOTICE #demo",
                "channel.chat.notification",
                #"{\#(who),"notice_type":"community_sub_gift","raid":null,"community_sub_gift":{"total":5},"message":{"text":""}}"#
            ),
            (
                "@display-name=Ann;id=\(id);msg-id=resub;user-id=42;\(when) :tmi.twitch.tv USERNOTICE #demo :yay",
                "channel.chat.notification", #"{\#(who),"notice_type":"resub","message":{"text":"yay"}}"#
            ),
            (
                "@target-user-id=42;\(when) :tmi.twitch.tv CLEARCHAT #demo :ann",
                "channel.chat.clear_user_messages", "{\(target)}"
            ),
            ("@\(when) :tmi.twitch.tv CLEARCHAT #demo", "channel.chat.clear", #"{"broadcaster_user_id":"7"}"#),
        ]
        for (index, row) in table.enumerated() {
            let line = row.line.replacing(id, with: id.dropLast(2) + "\(index + 10)")
            let event = row.event.replacing(id, with: id.dropLast(2) + "\(index + 10)")
            let fromIRC = Array(line.utf8).withUnsafeBytes {
                irc.received($0, endsLine: true, at: .zero, date: Date(timeIntervalSince1970: 0))
            }
            let fromEventSub = bench.receive(Wire.notification(row.type, id: "n\(index)", event: event))
            guard case .deliver(let one, _)? = fromIRC.first, case .deliver(var two)? = fromEventSub.first else {
                Issue.record("nothing delivered: \(row.type), \(fromIRC), \(fromEventSub)")
                continue
            }
            // EventSub tells nanoseconds, IRC milliseconds.
            #expect(abs(one.sent.timeIntervalSince(two.sent)) < 0.001)
            two.sent = one.sent
            #expect(one == two)
        }
        let deletion = #"{\#(target),"message_id":"\#(id)"}"#
        let actions = bench.receive(Wire.notification("channel.chat.message_delete", id: "d", event: deletion))
        guard case .deliver(let event)? = actions.first else {
            Issue.record("nothing delivered")
            return
        }
        #expect(event.kind == .deletedMessage(ChatMessageID(id)))
        #expect(event.userID == "42")
    }

    @Test
    func tellsNothingTwiceAndNothingOld() {
        var bench = Bench()
        bench.settle()
        #expect(Self.texts(bench.receive(Wire.message("a", id: "n1"))) == ["a"])
        #expect(bench.receive(Wire.message("a", id: "n1")) == [])
        #expect(bench.receive(Wire.message("a", id: "n2", messageID: "n1")) == [])
        #expect(bench.session.counters.repeated == 2)
        bench.now = .seconds(700)
        #expect(bench.receive(Wire.message("late", id: "n3", at: 90)) == [])
        #expect(bench.session.counters.late == 1)
        #expect(Self.texts(bench.receive(Wire.message("in time", id: "n4", at: 110))) == ["in time"])
    }

    @Test
    func leavesOtherRoomsOfASharedChatOut() {
        var bench = Bench()
        bench.settle()
        let theirs = Wire.message("x", id: "a").replacing(
            #""source_broadcaster_user_id":null"#,
            with: #""source_broadcaster_user_id":"8""#
        )
        let ours = Wire.message("x", id: "b").replacing(
            #""source_broadcaster_user_id":null"#,
            with: #""source_broadcaster_user_id":"7""#
        )
        #expect(bench.receive(theirs) == [])
        #expect(bench.receive(ours).count == 1)
    }

    @Test
    func movesWithBothConnectionsOpen() {
        var bench = Bench()
        bench.settle()
        let url = "wss://cell-a.eventsub.wss.twitch.tv/ws?challenge=abc"
        #expect(bench.receive(Wire.reconnect(url)) == [.connect(socket: 2, url: url)])
        #expect(Self.texts(bench.receive(Wire.message("over the old", id: "n1"), socket: 1)) == ["over the old"])
        #expect(bench.receive(Wire.welcome("s1", id: "w2"), socket: 2) == [.disconnect(socket: 1)])
        #expect(bench.receive(Wire.message("too late", id: "n2"), socket: 1) == [])
        #expect(Self.texts(bench.receive(Wire.message("over the new", id: "n3"), socket: 2)) == ["over the new"])
        #expect(bench.session.closed(socket: 1, .closed(.other(1000)), at: bench.now) == [])
        #expect(bench.session.counters.moves == 1)
        #expect(bench.session.counters.losses == 0)
    }

    @Test
    func movesThoughTheOldConnectionEndsFirst() {
        var bench = Bench()
        bench.settle()
        _ = bench.receive(Wire.reconnect("wss://a/ws"))
        #expect(bench.session.closed(socket: 1, .closed(.reconnectGraceExpired), at: bench.now) == [])
        #expect(bench.receive(Wire.welcome("s1", id: "w2"), socket: 2) == [])
        #expect(Self.texts(bench.receive(Wire.message("x", id: "n"), socket: 2)) == ["x"])
    }

    @Test
    func staysWhereTheMoveFails() {
        var bench = Bench()
        bench.settle()
        _ = bench.receive(Wire.reconnect("wss://a/ws"))
        #expect(bench.session.closed(socket: 2, .broken("refused"), at: bench.now) == [])
        #expect(Self.texts(bench.receive(Wire.message("x", id: "n"), socket: 1)) == ["x"])
        let loss = EventSubLoss.closed(.reconnectGraceExpired)
        #expect(bench.session.closed(socket: 1, loss, at: bench.now) == [.lost(loss)])
    }

    @Test
    func beginsAnewWhereBothConnectionsEnd() {
        var bench = Bench()
        bench.settle()
        _ = bench.receive(Wire.reconnect("wss://a/ws"))
        _ = bench.session.closed(socket: 1, .closed(.reconnectGraceExpired), at: bench.now)
        let loss = EventSubLoss.broken("refused")
        #expect(bench.session.closed(socket: 2, loss, at: bench.now) == [.lost(loss)])
        #expect(bench.wait(.seconds(1)) == [.connect(socket: 3, url: nil)])
        #expect(bench.receive(Wire.welcome("s2", id: "w3"), socket: 3).count == EventSubTopic.allCases.count)
    }

    @Test
    func givesAMoveWithoutWelcomeUp() {
        var bench = Bench()
        bench.settle()
        _ = bench.receive(Wire.reconnect("wss://a/ws"))
        bench.now = .seconds(11)
        _ = bench.receive(Wire.message("still here", id: "n"), socket: 1)
        #expect(bench.wait(.seconds(5)) == [.disconnect(socket: 2)])
    }

    @Test(arguments: ["", "http://a", "ws://a/ws", "wss"])
    func goesNowhereUnencrypted(url: String) {
        var bench = Bench()
        bench.settle()
        #expect(bench.receive(Wire.reconnect(url)) == [])
        #expect(bench.session.counters.bad == 1)
    }

    @Test(arguments: [4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007, 1000, 1006])
    func comesBackAfterEveryCloseCode(code: Int) {
        var bench = Bench()
        bench.settle()
        let loss = EventSubLoss.closed(EventSubCloseCode(code))
        #expect(loss.description.contains("\(code)"))
        #expect(bench.session.closed(socket: 1, loss, at: bench.now) == [.lost(loss)])
        #expect(bench.receive(Wire.message("ghost", id: "n"), socket: 1) == [])
        #expect(bench.wait(.seconds(1)) == [.connect(socket: 2, url: nil)])
        let actions = bench.receive(Wire.welcome("s2"), socket: 2)
        #expect(actions == EventSubTopic.allCases.map { .subscribe($0, session: "s2") })
    }

    @Test
    func takesSilenceForAnEnd() {
        var bench = Bench()
        bench.settle()
        #expect(bench.wait(.milliseconds(11_900)) == [])
        _ = bench.receive(Wire.frame("session_keepalive", id: "k", payload: "{}"))
        #expect(bench.wait(.milliseconds(11_900)) == [])
        #expect(bench.wait(.milliseconds(200)) == [.disconnect(socket: 1), .lost(.silent)])
    }

    @Test
    func takesAMissingWelcomeForAnEnd() {
        var bench = Bench()
        _ = bench.session.start(at: .zero)
        #expect(bench.wait(.seconds(15)) == [.disconnect(socket: 1), .lost(.noWelcome)])
    }

    @Test
    func readsTheKeepaliveAsTheServerSaysIt() {
        var bench = Bench()
        _ = bench.session.start(at: .zero)
        _ = bench.receive(Wire.welcome("s1", keepalive: "600"))
        for topic in EventSubTopic.allCases { _ = bench.session.subscribed(topic, session: "s1", .accepted, at: .zero) }
        #expect(bench.session.nextDeadline == .seconds(720))
        var odd = Bench()
        _ = odd.session.start(at: .zero)
        _ = odd.receive(Wire.welcome("s1", keepalive: "null"))
        #expect(odd.session.nextDeadline == .seconds(12))
    }

    @Test
    func asksAgainForWhatFailsForNow() {
        var bench = Bench()
        _ = bench.session.start(at: .zero)
        _ = bench.receive(Wire.welcome("s1", keepalive: "600"))
        for topic in EventSubTopic.allCases {
            let reply = TwitchReply(
                status: 429,
                body: Array(#"{"message":"number of websocket transports limit exceeded"}"#.utf8)
            )
            #expect(bench.session.subscribed(topic, session: "s1", EventSubOutcome(reply), at: .zero) == [])
        }
        #expect(bench.wait(.seconds(1)) == [])
        #expect(bench.wait(.seconds(1)) == EventSubTopic.allCases.map { .subscribe($0, session: "s1") })
        _ = bench.session.subscribed(.message, session: "s1", .temporary("503"), at: bench.now)
        #expect(bench.wait(.seconds(3)) == [])
        #expect(bench.wait(.seconds(1)) == [.subscribe(.message, session: "s1")])
    }

    @Test(arguments: [400, 401, 403])
    func givesUpWhereTheChatIsRefused(status: Int) {
        var bench = Bench()
        _ = bench.session.start(at: .zero)
        _ = bench.receive(Wire.welcome("s1"))
        let reply = TwitchReply(status: status, body: Array(#"{"message":"no, because"}"#.utf8))
        let actions = bench.session.subscribed(.message, session: "s1", EventSubOutcome(reply), at: .zero)
        #expect(actions == [.disconnect(socket: 1), .giveUp(reason: "Twitch answered \(status): no, because")])
        #expect(bench.session.nextDeadline == nil)
        #expect(bench.session.closed(socket: 1, .broken("x"), at: .zero) == [])
    }

    @Test
    func doesWithoutTheLesserTopics() {
        var bench = Bench()
        _ = bench.session.start(at: .zero)
        _ = bench.receive(Wire.welcome("s1"))
        for topic in EventSubTopic.allCases where topic != .clear {
            _ = bench.session.subscribed(topic, session: "s1", .accepted, at: .zero)
        }
        let outcome = EventSubOutcome(TwitchReply(status: 403, body: []))
        let actions = bench.session.subscribed(.clear, session: "s1", outcome, at: .zero)
        #expect(actions == [.limited(.clear, reason: "Twitch answered 403"), .ready])
    }

    @Test(arguments: [200, 202, 409])
    func takesAConflictForSuccess(status: Int) {
        #expect(EventSubOutcome(TwitchReply(status: status, body: [])) == .accepted)
    }

    @Test
    func forgetsAnswersForASessionThatIsOver() {
        var bench = Bench()
        bench.settle()
        _ = bench.session.closed(socket: 1, .broken("x"), at: .zero)
        _ = bench.wait(.seconds(1))
        _ = bench.receive(Wire.welcome("s2"), socket: 2)
        #expect(bench.session.subscribed(.message, session: "s1", .refused("old"), at: bench.now) == [])
    }

    @Test(arguments: ["authorization_revoked", "user_removed", "version_removed", "chat_user_banned", "whatever"])
    func givesUpWhereTheChatIsRevoked(status: String) {
        var bench = Bench()
        bench.settle()
        let actions = bench.receive(Wire.revocation("channel.chat.message", status))
        guard actions.count == 2, actions[0] == .disconnect(socket: 1), case .giveUp(let reason) = actions[1] else {
            Issue.record("\(actions)")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test
    func goesOnWhereALesserTopicIsRevoked() {
        var bench = Bench()
        bench.settle()
        let actions = bench.receive(Wire.revocation("channel.chat.clear", "version_removed"))
        guard case .limited(.clear, _)? = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(Self.texts(bench.receive(Wire.message("x", id: "n"))) == ["x"])
    }

    @Test
    func countsWhatItCannotRead() {
        var bench = Bench()
        bench.settle()
        for text in ["", "null", "[]", "{", #"{"metadata":{}}"#, Wire.frame("session_welcome", id: "x", payload: "{}")]
        {
            #expect(bench.receive(text) == [])
        }
        #expect(bench.session.counters.bad == 6)
        #expect(bench.receive(Wire.frame("session_news", id: "y", payload: "{}")) == [])
        #expect(bench.session.counters.bad == 6)
    }

    @Test
    func aRetractionWithoutUserIsNotTakenForEverybodys() {
        var bench = Bench()
        bench.settle()
        let event = #"{"broadcaster_user_id":"7"}"#
        #expect(bench.receive(Wire.notification("channel.chat.clear_user_messages", id: "n", event: event)) == [])
    }
}
