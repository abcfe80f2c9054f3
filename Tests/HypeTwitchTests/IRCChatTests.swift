import Foundation
import HypeChat
import HypeTwitch
import Testing

@Suite(.serialized, .timeLimit(.minutes(1)))
struct IRCChatTests {
    /// Settings without a client ID: what somebody has who set nothing but the channel's name.
    private static func bare(_ double: TwitchDouble) -> TwitchSettings { double.settings(clientID: "") }

    @Test(arguments: ["ws", "irc"])
    func readsAsAGuestWithoutAnySettings(scheme: String) async throws {
        try await TwitchDouble.with { double in
            var settings = Self.bare(double)
            if scheme == "irc" { settings.client.endpoints.irc = "irc://127.0.0.1:\(double.port)" }
            try await reading(double, settings: settings) { reading in
                try await reading.connected(.irc)
                try await double.order("say", #"{"user":"ann","text":"hellö 😀","id":"m1","moment":1780000000.5}"#)
                let event = try await reading.event()
                #expect(event.text == "hellö 😀")
                #expect(event.displayName == "ann")
                #expect(event.id == ChatMessageID("m1"))
                #expect(event.sent == Date(timeIntervalSince1970: 1_780_000_000.5))
                #expect(try await double.count("irc PASS") == 0)
            }
            #expect(try await double.count("bare") == (scheme == "irc" ? 1 : 0))
        }
    }

    @Test
    func tellsRaidsAndBans() async throws {
        try await TwitchDouble.with { double in
            try await reading(double, settings: Self.bare(double)) { reading in
                try await reading.connected(.irc)
                try await double.order("raid", #"{"user":"bob","viewers":250}"#)
                try await double.order("ban", #"{"user":"eve"}"#)
                let raid = try await reading.event()
                #expect(raid.kind == .raid(viewers: 250))
                #expect(raid.text == "250 raiders from bob have joined!")
                let ban = try await reading.event()
                #expect(ban.kind == .clear && !ban.userID.isEmpty)
            }
        }
    }

    @Test
    func comesBackWhenTheServerAsksForIt() async throws {
        try await TwitchDouble.with { double in
            try await reading(double, settings: Self.bare(double)) { reading in
                try await reading.connected(.irc)
                try await double.order("irc", #"{"line":":tmi.twitch.tv RECONNECT"}"#)
                #expect(try await reading.missing().contains("asked to connect anew"))
                try await reading.connected(.irc)
                #expect(try await double.count("irc JOIN") == 2)
                try await double.order("say", #"{"text":"after"}"#)
                #expect(try await reading.event().text == "after")
            }
        }
    }

    @Test
    func comesBackAfterABrokenConnectionAndTellsNothingTwice() async throws {
        try await TwitchDouble.with { double in
            try await reading(double, settings: Self.bare(double)) { reading in
                try await reading.connected(.irc)
                try await double.order("say", #"{"text":"one","id":"m1"}"#)
                #expect(try await reading.event().text == "one")
                for _ in 0..<3 {
                    try await double.order("drop")
                    _ = try await reading.missing()
                    try await reading.connected(.irc)
                }
                try await double.order("say", #"{"text":"one again","id":"m1"}"#)
                try await double.order("say", #"{"text":"two","id":"m2"}"#)
                #expect(try await reading.event().text == "two")
            }
        }
    }

    @Test
    func noticesAServerThatDoesNotAnswer() async throws {
        try await TwitchDouble.with { double in
            var settings = Self.bare(double)
            settings.irc.silence = .milliseconds(300)
            settings.irc.pongLimit = .milliseconds(500)
            settings.irc.loginLimit = .milliseconds(800)
            try await reading(double, settings: settings) { reading in
                try await reading.connected(.irc)
                try await double.wait(#"{"irc PING": 2}"#)
                try await double.order("set", #"{"muted":true}"#)
                #expect(try await reading.missing().contains("does not answer any more"))
                try await double.order("set", #"{"muted":false}"#)
                try await reading.connected(.irc)
            }
        }
    }

    @Test
    func saysWhyAChannelCannotBeRead() async throws {
        try await TwitchDouble.with { double in
            try await double.order("set", #"{"join_answer":"suspended"}"#)
            var settings = Self.bare(double)
            settings.irc.rejoinPause = .milliseconds(100)
            try await reading(double, settings: settings) { reading in
                #expect(try await reading.missing() == "This channel has been suspended.")
                try await double.order("set", #"{"join_answer":"join"}"#)
                try await reading.connected(.irc)
            }
        }
    }

    @Test
    func waitsForAServerThatRefusesConnections() async throws {
        try await TwitchDouble.with { double in
            try await double.order("set", #"{"refuse_sockets":true}"#)
            try await reading(double, settings: Self.bare(double)) { reading in
                #expect(try await reading.missing().contains("refused the WebSocket"))
                try await double.order("set", #"{"refuse_sockets":false}"#)
                try await reading.connected(.irc)
            }
        }
    }

    @Test
    func saysThatNobodyListens() async throws {
        try await TwitchDouble.with { double in
            var settings = Self.bare(double)
            settings.client.endpoints.irc = "ws://127.0.0.1:1/irc"
            try await reading(double, settings: settings) { reading in
                let reason = try await reading.missing()
                #expect(reason.contains("no connection to 127.0.0.1"))
            }
        }
    }

    @Test
    func saysFarewellWhenItStops() async throws {
        try await TwitchDouble.with { double in
            try await reading(double, settings: Self.bare(double)) { reading in try await reading.connected(.irc) }
            try await double.wait(#"{"farewell 1000": 1, "exactly": {"guests": 0}}"#)
        }
    }

    @Test(arguments: ["wss", "ircs"])
    func speaksToNobodyUnencryptedWhereTLSIsAskedFor(scheme: String) async throws {
        try await TwitchDouble.with { double in
            var settings = Self.bare(double)
            settings.client.endpoints.irc = "\(scheme)://127.0.0.1:\(double.port)/irc"
            try await reading(double, settings: settings) { reading in
                _ = try await reading.missing()
                _ = try await double.wait(#"{"connections": 2}"#)
                #expect(try await double.count("irc connections") == 0)
            }
        }
    }

    @Test
    func readsAsTheAccountWhereThatIsAskedFor() async throws {
        try await TwitchDouble.with { double in
            var settings = double.settings()
            settings.transport = .irc
            try await reading(double, settings: settings, login: try await double.grant(["chat:read"])) { reading in
                try await reading.connected(.irc)
                #expect(String(decoding: try await double.order("state"), as: UTF8.self).contains("demo_reader"))
            }
            try await double.order("set", #"{"refuse_login":false}"#)
        }
    }

    @Test
    func goesOnAsAGuestWhereTheTokenIsRefused() async throws {
        try await TwitchDouble.with { double in
            var settings = double.settings()
            settings.transport = .irc
            let login = try await double.grant(["chat:read"])
            try await reading(double, settings: settings, login: login) { reading in
                try await reading.connected(.irc)
                // The token is taken back while the chat is read; the next connection cannot use it.
                try await double.order("expire")
                try await double.order("drop")
                _ = try await reading.missing()
                try await reading.connected(.irc)
                #expect(String(decoding: try await double.order("state"), as: UTF8.self).contains("justinfan"))
            }
        }
    }

    @Test
    func dropsTheOldestForASlowReaderAndNeverStallsTheConnection() async throws {
        try await TwitchDouble.with { double in
            var settings = Self.bare(double)
            settings.bufferedEvents = 100
            try await reading(double, settings: settings) { reading in
                try await reading.connected(.irc)
                struct Flood: Decodable { var sent: Int }
                let answer = try await double.order("flood", #"{"rate":10000,"seconds":1}"#)
                let sent = try JSONDecoder().decode(Flood.self, from: Data(answer)).sent
                try await double.order("say", #"{"user":"last","text":"last"}"#)
                // The connection answers at once although nobody reads.
                let pongs = try await double.count("irc PONG")
                try await double.order("irc", #"{"line":"PING :still"}"#)
                try await double.wait(#"{"irc PONG": \#(pongs + 1)}"#)
                #expect(reading.chat.delivered == sent + 1)
                #expect(reading.chat.dropped == sent + 1 - 100)
                var texts: [String] = []
                for _ in 0..<100 { texts.append(try await reading.event().text) }
                #expect(texts.last == "last")
                #expect(texts.first == "this is message \(sent - 99) of the flood PogChamp")
            }
        }
    }
}
