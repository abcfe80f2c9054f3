import Foundation
import HypeChat
import Testing

@Suite
struct TwitchOAuthTests {
    private static let oauth = TwitchOAuth(client: TwitchClient(id: "abc"))
    private static let date = Date(timeIntervalSince1970: 1_780_000_000)

    private static func reply(_ status: Int, _ text: String) -> TwitchReply {
        TwitchReply(status: status, body: Array(text.utf8))
    }

    private static func body(_ call: TwitchCall) -> String { String(decoding: call.body, as: UTF8.self) }

    private static let code = DeviceCode(
        deviceCode: TwitchSecret("device-secret"),
        userCode: "ABCD-EFGH",
        verificationURL: "https://www.twitch.tv/activate",
        expiresIn: .seconds(60),
        interval: .seconds(5)
    )

    @Test
    func asksForADeviceCode() throws {
        let call = Self.oauth.deviceCode(scopes: ["user:read:chat", "clips:edit"])
        #expect(call.method == .post)
        #expect(call.url == "https://id.twitch.tv/oauth2/device")
        #expect(Self.body(call) == "client_id=abc&scopes=user%3Aread%3Achat%20clips%3Aedit")
        let text = """
            {"device_code":"d1","expires_in":1800,"interval":5,"user_code":"ABCDEFGH",
             "verification_uri":"https://www.twitch.tv/activate?public=true&device-code=ABCDEFGH"}
            """
        let code = try Self.oauth.deviceCode(Self.reply(200, text))
        #expect(code.userCode == "ABCDEFGH")
        #expect(code.interval == .seconds(5))
        #expect(code.expiresIn == .seconds(1800))
        #expect(code.deviceCode.revealed == "d1")
    }

    @Test(arguments: ["{}", "", "[1", #"{"device_code":"d","user_code":"u","verification_uri":"javascript:alert(1)"}"#])
    func refusesAnswersWithoutACode(text: String) {
        #expect(throws: TwitchFailure.self) { try Self.oauth.deviceCode(Self.reply(200, text)) }
    }

    @Test
    func sendsNoClientSecretForAPublicProgram() {
        #expect(!Self.body(Self.oauth.tokens(for: Self.code, scopes: [])).contains("client_secret"))
        #expect(!Self.body(Self.oauth.refresh(TwitchSecret("r"))).contains("client_secret"))
        let confidential = TwitchOAuth(client: TwitchClient(id: "abc", secret: TwitchSecret("s&cret")))
        #expect(Self.body(confidential.refresh(TwitchSecret("r"))).contains("client_secret=s%26cret"))
    }

    @Test
    func waitsForTheConfirmation() {
        var polling = DevicePolling(code: Self.code, oauth: Self.oauth, at: .zero)
        guard case .ask(at: .seconds(5)) = polling.begin(at: .zero) else {
            Issue.record("no question")
            return
        }
        let pending = Self.reply(400, #"{"status":400,"message":"authorization_pending"}"#)
        guard case .ask(at: .seconds(10)) = polling.answered(pending, at: .seconds(5), date: Self.date) else {
            Issue.record("pending is not an end")
            return
        }
        let slower = Self.reply(400, #"{"status":400,"message":"slow_down"}"#)
        guard case .ask(at: .seconds(20)) = polling.answered(slower, at: .seconds(10), date: Self.date) else {
            Issue.record("not slower")
            return
        }
        guard case .ask = polling.answered(nil, at: .seconds(20), date: Self.date),
            case .ask = polling.answered(Self.reply(503, ""), at: .seconds(30), date: Self.date)
        else {
            Issue.record("a lost answer is not an end")
            return
        }
        let text = """
            {"access_token":"a1","expires_in":14400,"refresh_token":"r1","scope":["user:read:chat"],"token_type":"bearer"}
            """
        guard case .done(let tokens) = polling.answered(Self.reply(200, text), at: .seconds(40), date: Self.date) else {
            Issue.record("not done")
            return
        }
        #expect(tokens.access.revealed == "a1")
        #expect(tokens.refresh?.revealed == "r1")
        #expect(tokens.scopes == ["user:read:chat"])
        #expect(tokens.expires == Self.date.addingTimeInterval(14_400))
    }

    @Test(arguments: [
        (#"{"status":400,"message":"invalid device code"}"#, TwitchFailure.Code.expired),
        (#"{"status":400,"message":"access_denied"}"#, .denied),
        (#"{"status":400,"message":"invalid client"}"#, .refused),
    ])
    func saysWhyALoginFailed(text: String, code: TwitchFailure.Code) {
        var polling = DevicePolling(code: Self.code, oauth: Self.oauth, at: .zero)
        guard case .failed(let failure) = polling.answered(Self.reply(400, text), at: .zero, date: Self.date) else {
            Issue.record("not failed")
            return
        }
        #expect(failure.code == code)
    }

    @Test
    func givesUpWhenTheCodeEnds() {
        var polling = DevicePolling(code: Self.code, oauth: Self.oauth, at: .zero)
        guard case .failed(let failure) = polling.answered(nil, at: .seconds(56), date: Self.date) else {
            Issue.record("not failed")
            return
        }
        #expect(failure.code == .expired)
    }

    @Test
    func checksTheStateOfARedirect() throws {
        var generator = SystemRandomNumberGenerator()
        var login = CodeLogin(using: &generator)
        let confidential = TwitchOAuth(client: TwitchClient(id: "abc", secret: TwitchSecret("s")))
        let page = login.page(confidential, redirect: "http://localhost:3000/back", scopes: ["a"])
        let state = try #require(page.split(separator: "state=").last.map(String.init))
        #expect(state.count == 32)
        #expect(throws: TwitchFailure.self) {
            try login.answered(state: "0" + state.dropFirst(), code: "c", error: nil)
        }
        #expect(throws: TwitchFailure.self) { try login.answered(state: "", code: "c", error: nil) }
        #expect(try login.answered(state: state, code: "c", error: nil).revealed == "c")
        #expect(throws: TwitchFailure.self) { try login.answered(state: state, code: "c", error: nil) }
        let call = try confidential.tokens(forCode: TwitchSecret("c"), redirect: "http://localhost:3000/back")
        #expect(Self.body(call).contains("client_secret=s"))
        #expect(throws: TwitchFailure.self) { try Self.oauth.tokens(forCode: TwitchSecret("c"), redirect: "") }
    }

    @Test
    func asksWhoseTokenItIs() throws {
        let call = Self.oauth.validate(TwitchSecret("a1"))
        #expect(call.headers.contains { $0.name == "Authorization" && $0.value.revealed == "OAuth a1" })
        let text = #"{"client_id":"abc","login":"ann","scopes":["user:read:chat"],"user_id":"42","expires_in":5520838}"#
        let identity = try Self.oauth.identity(Self.reply(200, text))
        #expect(identity.userID == "42" && identity.login == "ann" && identity.scopes == ["user:read:chat"])
        let foreign = text.replacing("abc", with: "other")
        let failure = #expect(throws: TwitchFailure.self) { try Self.oauth.identity(Self.reply(200, foreign)) }
        #expect(failure?.code == .unauthorized)
        let revoked = #expect(throws: TwitchFailure.self) {
            try Self.oauth.identity(Self.reply(401, #"{"status":401,"message":"invalid access token"}"#))
        }
        #expect(revoked?.code == .unauthorized)
    }

    @Test(arguments: [
        (400, TwitchFailure.Code.unauthorized), (401, .unauthorized), (429, .rateLimited), (503, .server),
    ])
    func tellsARefusedRefreshFromABrokenServer(status: Int, code: TwitchFailure.Code) {
        let failure = #expect(throws: TwitchFailure.self) {
            try Self.oauth.tokens(Self.reply(status, #"{"message":"Invalid refresh token"}"#), at: Self.date)
        }
        #expect(failure?.code == code)
    }

    @Test
    func callsAndRepliesShowNoSecrets() {
        let reply = Self.reply(200, #"{"access_token":"hunter2"}"#)
        let calls = [
            Self.oauth.refresh(TwitchSecret("hunter2")), Self.oauth.validate(TwitchSecret("hunter2")),
            TwitchOAuth(client: TwitchClient(id: "a", secret: TwitchSecret("hunter2"))).refresh(TwitchSecret("x")),
            TwitchHelix(client: TwitchClient(id: "a")).user(login: "x", token: TwitchSecret("hunter2")),
        ]
        var text = "\(calls) \(reply)" + String(reflecting: calls) + String(reflecting: reply)
        dump(calls, to: &text)
        dump(reply, to: &text)
        #expect(!text.contains("hunter2"))
    }

    @Test
    func wordsOfTwitchAreCutAndCleaned() {
        let long = String(repeating: "x", count: 5000)
        #expect(Self.reply(400, #"{"message":"\#(long)"}"#).words.count == 200)
        #expect(Self.reply(400, #"{"message":"a\u0000\nb"}"#).words == "ab")
    }
}
