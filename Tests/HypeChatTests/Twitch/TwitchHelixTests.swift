import HypeChat
import Testing

@Suite
struct TwitchHelixTests {
    private static let helix = TwitchHelix(client: TwitchClient(id: "abc"))

    private static func reply(_ status: Int, _ text: String) -> TwitchReply {
        TwitchReply(status: status, body: Array(text.utf8))
    }

    @Test
    func findsAChannel() throws {
        let call = Self.helix.user(login: "some_one", token: TwitchSecret("t"))
        #expect(call.url == "https://api.twitch.tv/helix/users?login=some_one")
        #expect(call.headers.contains { $0.name == "Client-Id" && $0.value.revealed == "abc" })
        #expect(call.headers.contains { $0.name == "Authorization" && $0.value.revealed == "Bearer t" })
        let user = try Self.helix.user(
            Self.reply(200, #"{"data":[{"id":"7","login":"some_one","display_name":"Some_One"}]}"#)
        )
        #expect(user.id == "7" && user.displayName == "Some_One")
    }

    @Test(arguments: [
        (200, #"{"data":[]}"#, TwitchFailure.Code.notFound), (200, "<html>", .badReply), (401, "", .unauthorized),
        (500, "", .server), (429, "", .rateLimited),
    ])
    func saysWhyAChannelIsNotFound(status: Int, text: String, code: TwitchFailure.Code) {
        let failure = #expect(throws: TwitchFailure.self) { try Self.helix.user(Self.reply(status, text)) }
        #expect(failure?.code == code)
    }

    @Test
    func subscribesWithTheSessionsName() {
        let call = Self.helix.subscribe(
            to: .message,
            broadcaster: "7",
            reader: "42",
            session: #"s"1"#,
            token: TwitchSecret("t")
        )
        let body = String(decoding: call.body, as: UTF8.self)
        for piece in [
            #""type":"channel.chat.message""#, #""version":"1""#, #""broadcaster_user_id":"7""#, #""user_id":"42""#,
            #""method":"websocket""#, #""session_id":"s\"1""#,
        ] {
            #expect(body.contains(piece), "\(piece) in \(body)")
        }
    }

    @Test
    func waitsForAClip() {
        var creation = ClipCreation()
        let made = Self.reply(202, #"{"data":[{"id":"Fancy","edit_url":"https://clips.twitch.tv/Fancy/edit"}]}"#)
        guard case .look(id: "Fancy", at: .seconds(11)) = creation.created(made, at: .seconds(10)) else {
            Issue.record("does not look")
            return
        }
        guard
            case .look(id: "Fancy", at: .seconds(12)) = creation.looked(
                Self.reply(200, #"{"data":[]}"#),
                at: .seconds(11)
            ),
            case .look = creation.looked(nil, at: .seconds(12)),
            case .look = creation.looked(Self.reply(503, ""), at: .seconds(13))
        else {
            Issue.record("does not go on")
            return
        }
        let there = Self.reply(200, #"{"data":[{"id":"Fancy","url":"https://clips.twitch.tv/Fancy","duration":29.9}]}"#)
        guard case .done(let clip) = creation.looked(there, at: .seconds(14)) else {
            Issue.record("not done")
            return
        }
        #expect(clip.url == "https://clips.twitch.tv/Fancy")
        #expect(clip.editURL == "https://clips.twitch.tv/Fancy/edit")
        #expect(clip.duration == .milliseconds(29_900))
    }

    @Test
    func takesAClipThatDoesNotAppearForFailed() {
        var creation = ClipCreation()
        _ = creation.created(Self.reply(202, #"{"data":[{"id":"x","edit_url":"y"}]}"#), at: .zero)
        guard case .look = creation.looked(Self.reply(200, #"{"data":[]}"#), at: .seconds(14)),
            case .failed(let failure) = creation.looked(Self.reply(200, #"{"data":[]}"#), at: .milliseconds(14_001))
        else {
            Issue.record("not failed")
            return
        }
        #expect(failure.code == .server)
    }

    @Test(arguments: [
        (403, TwitchFailure.Code.forbidden), (404, .notFound), (401, .unauthorized), (400, .refused),
        (429, .rateLimited),
        (503, .server), (202, .badReply),
    ])
    func saysWhyThereIsNoClip(status: Int, code: TwitchFailure.Code) {
        var creation = ClipCreation()
        guard case .failed(let failure) = creation.created(Self.reply(status, "{}"), at: .zero) else {
            Issue.record("not failed")
            return
        }
        #expect(failure.code == code)
    }

    @Test(arguments: [
        ("Demo", "demo"), ("#demo", "demo"), ("https://www.twitch.tv/Some_One/", "some_one"), ("twitch.tv/a1", "a1"),
    ])
    func readsChannelNames(text: String, name: String) {
        #expect(TwitchChannelName(text)?.text == name)
    }

    @Test(arguments: ["", "a b", "a\r\nQUIT", "ü", "#", String(repeating: "a", count: 26), "a/b", "[", "@"])
    func refusesOtherTexts(text: String) {
        #expect(TwitchChannelName(text) == nil)
    }
}
