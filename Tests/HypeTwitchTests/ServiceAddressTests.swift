import HypeChat
import HypeTwitch
import Testing

@Suite
struct ServiceAddressTests {
    @Test
    func readsAddresses() throws {
        let twitch = try ServiceAddress("wss://eventsub.wss.twitch.tv/ws?keepalive_timeout_seconds=30#x")
        #expect(twitch.host == "eventsub.wss.twitch.tv" && twitch.port == 443 && twitch.isSecure)
        #expect(twitch.language == .webSocket(target: "/ws?keepalive_timeout_seconds=30"))
        let irc = try ServiceAddress("wss://irc-ws.chat.twitch.tv:443")
        #expect(irc.language == .webSocket(target: "/") && irc.port == 443)
        #expect(try ServiceAddress("ws://[::1]:8080?a=b").host == "::1")
        #expect(try ServiceAddress("ws://[::1]:8080?a=b").language == .webSocket(target: "/?a=b"))
        #expect(try ServiceAddress("ws://[::1]/").port == 80)
        let lines = try ServiceAddress("ircs://irc.chat.twitch.tv")
        #expect(lines.language == .lines && lines.port == 6697 && lines.isSecure)
    }

    @Test(arguments: [
        "", "http://a", "wss://", "wss://:80", "wss://a:0", "wss://a:70000", "wss://a:x", "wss://user@a/", "wss://a/ b",
        "wss://a/\r\nX: y", "wss://ä/", "javascript:alert(1)",
    ])
    func refusesOthers(text: String) {
        let failure = #expect(throws: TwitchFailure.self) { try ServiceAddress(text) }
        #expect(failure?.code == .settings)
    }
}
