import Foundation
import HypeChat
import HypeTwitch
import Testing

@Suite(.serialized, .timeLimit(.minutes(1)))
struct EventSubChatTests {
    /// Reads with a login until the chat is connected.
    private func connected(
        _ settings: ((inout TwitchSettings) -> Void)? = nil,
        knobs: String = "{}",
        _ body: @escaping (TwitchDouble, Reading) async throws -> Void
    ) async throws {
        try await TwitchDouble.with { double in
            try await double.order("set", knobs)
            var changed = double.settings()
            settings?(&changed)
            try await reading(double, settings: changed, login: try await double.grant()) { reading in
                try await reading.connected(.eventSub)
                try await body(double, reading)
            }
        }
    }

    /// Says something and expects to hear it.
    private func hear(_ text: String, _ double: TwitchDouble, _ reading: Reading) async throws {
        try await double.order("say", #"{"text":"\#(text)"}"#)
        #expect(try await reading.event().text == text)
    }

    @Test
    func readsMessagesRaidsAndBans() async throws {
        try await connected { double, reading in
            #expect(try await double.count("POST /helix/eventsub/subscriptions") == EventSubTopic.allCases.count)
            try await double.order("say", #"{"user":"ann","text":"hellö 😀","id":"m1"}"#)
            let event = try await reading.event()
            #expect(event.text == "hellö 😀" && event.id == ChatMessageID("m1"))
            #expect(abs(event.sent.timeIntervalSinceNow) < 60)
            try await double.order("raid", #"{"user":"bob","viewers":250}"#)
            #expect(try await reading.event().kind == .raid(viewers: 250))
            try await double.order("ban", #"{"user":"eve"}"#)
            #expect(try await reading.event().kind == .clear)
        }
    }

    @Test
    func movesToAnotherAddressWithoutAGap() async throws {
        try await connected { double, reading in
            try await double.order("reconnect", #"{"address":"ws://127.0.0.1:\#(double.port)"}"#)
            try await double.wait(#"{"eventsub moves": 1}"#)
            try await hear("moved", double, reading)
            try await double.wait(#"{"exactly": {"sessions": 1}}"#)
            #expect(try await double.count("eventsub sessions") == 1)
            #expect(try await double.count("POST /helix/eventsub/subscriptions") == EventSubTopic.allCases.count)
            #expect(reading.chat.state == .connected(.eventSub))
        }
    }

    @Test
    func beginsAnewWhereAMoveFails() async throws {
        try await connected(knobs: #"{"reconnect_grace":2}"#) { double, reading in
            try await double.order("reconnect", #"{"address":"ws://127.0.0.1:1"}"#)
            try await hear("still over the old one", double, reading)
            #expect(try await reading.missing().contains("4004"))
            try await reading.connected(.eventSub)
            try await hear("back", double, reading)
            #expect(try await double.count("eventsub sessions") == 2)
        }
    }

    @Test(arguments: [4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007, 1001])
    func comesBackAfterEveryCloseCode(code: Int) async throws {
        try await connected { double, reading in
            try await double.order("close", #"{"code":\#(code)}"#)
            #expect(try await reading.missing().contains("\(code)"))
            try await reading.connected(.eventSub)
            try await double.wait(#"{"topics": \#(EventSubTopic.allCases.count)}"#)
            try await hear("back", double, reading)
        }
    }

    @Test
    func comesBackAfterABrokenConnection() async throws {
        try await connected { double, reading in
            try await double.order("drop")
            _ = try await reading.missing()
            try await reading.connected(.eventSub)
            try await hear("back", double, reading)
        }
    }

    @Test
    func noticesThatTheKeepalivesStopped() async throws {
        try await connected(knobs: #"{"keepalive":1}"#) { double, reading in
            try await double.order("set", #"{"muted":true}"#)
            #expect(try await reading.missing().contains("silent"))
            try await double.order("set", #"{"muted":false}"#)
            try await reading.connected(.eventSub)
        }
    }

    @Test
    func answersPingsAndPutsFragmentsTogether() async throws {
        try await connected(knobs: #"{"ping_interval":0.1}"#) { double, reading in
            try await double.wait(#"{"pongs": 5}"#)
            let event =
                #"{\"chatter_user_id\":\"1\",\"chatter_user_name\":\"A\",\"message_id\":\"f\",\"message\":{\"text\":\"in pieces\"}}"#
            let text =
                #"{\"metadata\":{\"message_id\":\"q\",\"message_type\":\"notification\","#
                + #"\"message_timestamp\":\"2026-05-28T20:26:40.123456789Z\"},\"payload\":{\"subscription\":"#
                + #"{\"type\":\"channel.chat.message\"},\"event\":\#(event)}}"#
            // As new as the session, or it would count as a repeat from long ago.
            let now = Date().formatted(.iso8601).replacing("Z", with: ".123456789Z")
            let fresh = text.replacing("2026-05-28T20:26:40.123456789Z", with: now)
            try await double.order("eventsub", #"{"pieces":7,"text":"\#(fresh)"}"#)
            #expect(try await reading.event().text == "in pieces")
            #expect(reading.chat.state == .connected(.eventSub))
            #expect(try await double.count("inbound") == 0)
        }
    }

    @Test
    func survivesGarbage() async throws {
        try await connected { double, reading in
            for text in [#"{}"#, #"[[[[[[[["#, #"\u0000"#, #"{\"metadata\":{\"message_type\":7}}"#] {
                try await double.order("eventsub", #"{"text":"\#(text.replacing("\\\"", with: #"\""#))"}"#)
            }
            try await hear("sane", double, reading)
        }
    }

    @Test
    func beginsAnewAfterAMessageThatIsTooLong() async throws {
        try await connected { double, reading in
            try await double.order("eventsub", #"{"text":"\#(String(repeating: "x", count: 400_000))"}"#)
            _ = try await reading.missing()
            try await reading.connected(.eventSub)
        }
    }

    @Test
    func asksAgainForSubscriptionsThatFailForNow() async throws {
        try await connected(knobs: #"{"subscribe_status":[429,503,500,429,503,429,409]}"#) { double, reading in
            try await double.wait(#"{"topics": 4}"#)
            try await double.wait(#"{"POST /helix/eventsub/subscriptions": 11}"#)
        }
    }

    @Test
    func livesThroughBeingClosedForNotSubscribing() async throws {
        let statuses = Array(repeating: "503", count: 30).joined(separator: ",")
        try await TwitchDouble.with { double in
            try await double.order("set", #"{"subscribe_limit":0.4,"subscribe_status":[\#(statuses)]}"#)
            var settings = double.settings()
            settings.eventSub.subscribePause = .milliseconds(100)
            try await reading(double, settings: settings, login: try await double.grant()) { reading in
                #expect(try await reading.missing().contains("4003"))
                try await reading.connected(.eventSub)
            }
        }
    }

    @Test
    func fallsBackToIRCWhereTheChatIsRefused() async throws {
        try await TwitchDouble.with { double in
            try await double.order("set", #"{"subscribe_status":[403,403,403,403,403]}"#)
            try await reading(double, login: try await double.grant()) { reading in
                let state = try await reading.state(where: \.isReading)
                guard case .degraded(.irc, let reason) = state else {
                    Issue.record("\(state)")
                    return
                }
                #expect(reason.contains("403"))
                try await hear("by IRC", double, reading)
            }
        }
    }

    @Test
    func doesWithoutTheLesserTopics() async throws {
        try await TwitchDouble.with { double in
            try await double.order("set", #"{"refused_topics":["channel.chat.clear"]}"#)
            try await reading(double, login: try await double.grant()) { reading in
                let state = try await reading.state(where: \.isReading)
                guard case .degraded(.eventSub, let reason) = state else {
                    Issue.record("\(state)")
                    return
                }
                #expect(reason.contains("without channel.chat.clear: Twitch answered 403"))
                try await hear("all the same", double, reading)
            }
        }
    }

    @Test
    func fallsBackToIRCWhereTheLoginLacksTheScope() async throws {
        try await TwitchDouble.with { double in
            try await reading(double, login: try await double.grant(["clips:edit"])) { reading in
                let state = try await reading.state(where: \.isReading)
                #expect("\(state)".contains("user:read:chat"))
                // A better login is taken up without a restart.
                try reading.store.save(try await double.grant())
                try await reading.connected(.eventSub)
                try await hear("by EventSub", double, reading)
            }
        }
    }

    @Test
    func triesEventSubAgainAfterAPassingFailure() async throws {
        try await TwitchDouble.with { double in
            try await double.order("set", #"{"status":{"/helix/users":[503]}}"#)
            var settings = double.settings()
            settings.fallbackPause = .seconds(4)
            try await reading(double, settings: settings, login: try await double.grant()) { reading in
                let state = try await reading.state(where: \.isReading)
                #expect("\(state)".contains("503"))
                try await reading.connected(.eventSub)
            }
        }
    }

    @Test
    func takesUpALoginThatIsMadeWhileItReads() async throws {
        try await TwitchDouble.with { double in
            try await reading(double) { reading in
                try await reading.connected(.irc)
                try reading.store.save(try await double.grant())
                try await reading.connected(.eventSub)
                try await double.wait(#"{"exactly": {"guests": 0}}"#)
                try await hear("by EventSub", double, reading)
            }
        }
    }

    @Test
    func refreshesATokenThatEndsMidSession() async throws {
        try await connected { double, reading in
            let before = try reading.store.load()
            try await double.order("expire")
            try await double.order("close", #"{"code":4000}"#)
            _ = try await reading.missing()
            try await reading.connected(.eventSub)
            try await hear("back", double, reading)
            #expect(try await double.count("POST /oauth2/token") == 1)
            let after = try reading.store.load()
            #expect(after?.access != before?.access && after?.refresh != before?.refresh)
        }
    }

    @Test
    func fallsBackToIRCWhenTheLoginIsTakenBack() async throws {
        try await connected { double, reading in
            try await double.order("expire", #"{"refreshes":true}"#)
            try await double.order("revoke", #"{"status":"authorization_revoked"}"#)
            let state = try await reading.state { if case .degraded = $0 { true } else { false } }
            #expect("\(state)".contains("permission"))
            try await hear("by IRC", double, reading)
            try reading.store.save(try await double.grant())
            try await reading.connected(.eventSub)
        }
    }

    @Test
    func forgetsALoginThatCannotBeRefreshed() async throws {
        try await connected { double, reading in
            try await double.order("expire", #"{"refreshes":true}"#)
            try await double.order("close", #"{"code":4000}"#)
            let state = try await reading.state { if case .degraded = $0 { true } else { false } }
            #expect("\(state)".contains("Log in to Twitch again"))
            #expect(try reading.store.load() == nil)
            guard case .lost = await reading.account.status else {
                Issue.record("the login is not lost")
                return
            }
        }
    }
}
