import Foundation
import HypeChat
import HypeCore
import Testing

/// Nothing that a server may send traps, and state machines stay alive whatever happens in whatever order.
@Suite
struct TwitchFuzzTests {
    private static let nasty: [[UInt8]] =
        [
            "\"", "\\", "{", "}", "[", "]", ",", ":", ";", "@", " ", "\n", "\r\n", "\0", "\\u", "\\ud83d", "null",
            "1e999",
            "-1", "99999999999999999999999", "[[[[[[[[", "{\"a\":{\"a\":", "tmi-sent-ts=-1", "session_welcome",
            "revocation",
            "2020-13-45T99:99:99Z", "wss://", " 001 ", "RECONNECT", "NOTICE *",
        ].map { Array($0.utf8) } + [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf8, 0x88]]

    private static func mutate(_ seed: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = seed
        for _ in 0...random.index(below: 3) {
            guard !bytes.isEmpty else { break }
            let place = random.index(below: bytes.count)
            switch random.index(below: 5) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.insert(contentsOf: nasty[random.index(below: nasty.count)], at: place)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.index(below: 40)))
            case 3: bytes.removeSubrange(place...)
            default: bytes.replaceSubrange(place...place, with: nasty[random.index(below: nasty.count)])
            }
        }
        return bytes
    }

    private static let lines: [[UInt8]] = [
        "@display-name=Ann;id=1;tmi-sent-ts=1780000000123;user-id=42 :ann!a@a PRIVMSG #demo :hello\r\n",
        "@msg-id=raid;msg-param-viewerCount=1500;user-id=9;tmi-sent-ts=1780000000000 :t USERNOTICE #demo\r\n",
        "@target-user-id=42;tmi-sent-ts=1780000000000 :t CLEARCHAT #demo :ann\r\n", ":tmi.twitch.tv 001 j :hi\r\n",
        "PING :x\r\n", ":t RECONNECT\r\n", ":j JOIN #demo\r\n", ":t NOTICE * :Login authentication failed\r\n",
    ].map { Array($0.utf8) }

    private static let frames: [[UInt8]] = [
        #"{"metadata":{"message_id":"1","message_type":"session_welcome","message_timestamp":"2026-05-28T20:26:40.1Z"},"#
            + #""payload":{"session":{"id":"s","keepalive_timeout_seconds":10}}}"#,
        #"{"metadata":{"message_id":"2","message_type":"notification","message_timestamp":"2026-05-28T20:26:40.123456789Z"},"#
            + #""payload":{"subscription":{"type":"channel.chat.message"},"event":{"chatter_user_id":"1","#
            + #""chatter_user_name":"A","message_id":"x","message":{"text":"hi \ud83d\ude00"}}}}"#,
        #"{"metadata":{"message_id":"3","message_type":"notification","message_timestamp":"2026-05-28T20:26:40Z"},"#
            + #""payload":{"subscription":{"type":"channel.chat.notification"},"event":{"notice_type":"raid","#
            + #""raid":{"viewer_count":5},"message":{"text":""},"system_message":"s"}}}"#,
        #"{"metadata":{"message_id":"4","message_type":"session_reconnect"},"payload":{"session":{"#
            + #""reconnect_url":"wss://a/b"}}}"#,
        #"{"metadata":{"message_id":"5","message_type":"revocation"},"payload":{"subscription":{"#
            + #""type":"channel.chat.message","status":"authorization_revoked"}}}"#,
    ].map { Array($0.utf8) }

    @Test
    func sessionsOfIRCSurviveAnything() {
        var random = SplitMix64(seed: 11)
        var delivered = 0
        var lost = 0
        for round in 0..<300 {
            var session = IRCSession(
                channels: [TwitchChannelName("demo")].compactMap(\.self),
                seed: UInt64(round)
            )
            var now = Duration.zero
            _ = session.start(as: .anonymous, at: now)
            for _ in 0..<100 {
                now += .milliseconds(random.index(below: 4000))
                var actions: [IRCSession.Action] = []
                switch random.index(below: 12) {
                case 0: actions = session.tick(at: now)
                case 1: actions = session.closed("x", at: now)
                case 2, 3: actions = session.opened(at: now)
                case 4, 5, 6: actions = Self.send(Self.lines[random.index(below: 8)], to: &session, now, &random)
                default:
                    let bytes = Self.mutate(Self.lines[random.index(below: 8)], &random)
                    actions = Self.send(bytes, to: &session, now, &random)
                }
                for action in actions {
                    switch action {
                    case .deliver: delivered += 1
                    case .lost: lost += 1
                    case .send(let line): #expect(line.unicodeScalars.allSatisfy { $0 != "\r" && $0 != "\n" })
                    default: break
                    }
                }
                // A session either waits for an event or knows when to go on.
                if case .refused? = actions.last { _ = session.start(as: .anonymous, at: now) }
                #expect(session.nextDeadline != nil)
            }
        }
        #expect(delivered > 500 && lost > 500, "\(delivered) \(lost)")
    }

    private static func send(
        _ bytes: [UInt8],
        to session: inout IRCSession,
        _ now: Duration,
        _ random: inout SplitMix64
    ) -> [IRCSession.Action] {
        let endsLine = random.happens(0.5)
        return bytes.withUnsafeBytes {
            session.received($0, endsLine: endsLine, at: now, date: Date(timeIntervalSince1970: 1_780_000_000))
        }
    }

    @Test
    func sessionsOfEventSubSurviveAnything() {
        var random = SplitMix64(seed: 12)
        var delivered = 0
        var ready = 0
        for round in 0..<300 {
            var session = EventSubSession(seed: UInt64(round))
            var now = Duration.zero
            var sockets = [1]
            _ = session.start(at: now)
            for _ in 0..<100 {
                now += .milliseconds(random.index(below: 3000))
                let socket = sockets[random.index(below: sockets.count)]
                var actions: [EventSubSession.Action] = []
                switch random.index(below: 12) {
                case 0: actions = session.tick(at: now)
                case 1:
                    actions = session.closed(
                        socket: socket,
                        .closed(EventSubCloseCode(4000 + random.index(below: 9))),
                        at: now
                    )
                case 2, 3, 4, 5:
                    let frame = Self.frames[random.index(below: random.happens(0.3) ? 5 : 3)]
                    actions = frame.withUnsafeBytes { session.received($0, socket: socket, at: now) }
                default:
                    let bytes = Self.mutate(Self.frames[random.index(below: 5)], &random)
                    actions = bytes.withUnsafeBytes { session.received($0, socket: socket, at: now) }
                }
                var hasGivenUp = false
                var queue = actions[...]
                while let action = queue.popFirst() {
                    switch action {
                    case .connect(let socket, _): sockets = Array((sockets + [socket]).suffix(2))
                    case .subscribe(let topic, let name):
                        let outcomes: [EventSubOutcome] = [
                            .accepted, .accepted, .accepted, .temporary("x"), .refused("y"),
                        ]
                        let outcome = outcomes[random.index(below: topic.isRequired ? 4 : 5)]
                        queue += session.subscribed(topic, session: name, outcome, at: now)
                    case .deliver: delivered += 1
                    case .ready: ready += 1
                    case .giveUp: hasGivenUp = true
                    case .disconnect, .limited, .lost: break
                    }
                }
                if hasGivenUp { for case .connect(let socket, _) in session.start(at: now) { sockets = [socket] } }
                #expect(session.nextDeadline != nil)
            }
        }
        #expect(delivered > 100 && ready > 100, "\(delivered) \(ready)")
    }

    @Test
    func answersOfTheServicesNeverTrap() {
        let seeds: [[UInt8]] = [
            #"{"access_token":"a","expires_in":14400,"refresh_token":"r","scope":["x"],"token_type":"bearer"}"#,
            #"{"client_id":"abc","login":"ann","scopes":["user:read:chat"],"user_id":"42","expires_in":5520838}"#,
            #"{"data":[{"id":"7","login":"some_one","display_name":"Some_One","url":"https://x","duration":1.5}]}"#,
            #"{"device_code":"d","expires_in":1800,"interval":5,"user_code":"u","verification_uri":"https://x"}"#,
            #"{"status":400,"message":"authorization_pending"}"#,
        ].map { Array($0.utf8) }
        let client = TwitchClient(id: "abc")
        let (oauth, helix) = (TwitchOAuth(client: client), TwitchHelix(client: client))
        let date = Date(timeIntervalSince1970: 1_780_000_000)
        var random = SplitMix64(seed: 13)
        var read = 0
        for index in 0..<30_000 {
            let bytes = Self.mutate(seeds[index % seeds.count], &random)
            let reply = TwitchReply(status: [200, 202, 400, 401, 500][random.index(below: 5)], body: bytes)
            if (try? oauth.tokens(reply, at: date)) != nil { read += 1 }
            if (try? oauth.identity(reply)) != nil { read += 1 }
            if (try? oauth.deviceCode(reply)) != nil { read += 1 }
            if (try? helix.user(reply)) != nil { read += 1 }
            var creation = ClipCreation()
            if case .look = creation.created(reply, at: .zero),
                case .done(let clip) = creation.looked(reply, at: .seconds(1))
            {
                #expect(!clip.url.isEmpty || clip.url.isEmpty)
            }
            #expect(reply.words.unicodeScalars.count <= 200)
        }
        #expect(read > 3000, "\(read)")
    }
}
