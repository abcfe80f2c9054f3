import Foundation
import HypeChat
import HypeTwitch
import Logging
import Testing

@Suite(.serialized, .timeLimit(.minutes(1)))
struct TwitchAccountTests {
    private func account(
        _ double: TwitchDouble,
        settings: TwitchSettings? = nil,
        _ body: (TwitchAccount, TwitchTokenStore) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let store = TwitchTokenStore(folder: folder + "/twitch")
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let account = TwitchAccount(settings: settings ?? double.settings(), tokens: store, logger: logger)
            try await body(account, store)
        }
    }

    @Test
    func logsInByCode() async throws {
        try await TwitchDouble.with { double in
            try await account(double) { account, store in
                #expect(await account.status == .loggedOut)
                let login = TwitchLogin(account: account)
                let code = try await login.begin()
                #expect(code.userCode == "CODE0001")
                #expect(code.verificationURL == "https://www.twitch.tv/activate")
                async let identity = login.waitForApproval(code)
                try await double.wait(#"{"POST /oauth2/token": 1}"#)
                try await double.order("approve")
                #expect(try await identity.login == "demo_reader")
                #expect(
                    await account.status == .loggedIn(login: "demo_reader", scopes: ["user:read:chat", "clips:edit"])
                )
                #expect(try store.load()?.scopes == ["user:read:chat", "clips:edit"])
                #expect(try await double.count("hasty polls") == 0)
                #expect(try await double.count("GET /oauth2/validate") == 1)
            }
        }
    }

    @Test
    func saysThatTheLoginWasRefused() async throws {
        try await TwitchDouble.with { double in
            try await account(double) { account, store in
                let login = TwitchLogin(account: account)
                let code = try await login.begin()
                try await double.order("deny")
                let failure = await #expect(throws: TwitchFailure.self) { try await login.waitForApproval(code) }
                #expect(failure?.code == .denied)
                #expect(try store.load() == nil)
            }
        }
    }

    @Test
    func endsALoginThatIsCancelled() async throws {
        try await TwitchDouble.with { double in
            try await account(double) { account, _ in
                let login = TwitchLogin(account: account)
                let code = try await login.begin()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await login.waitForApproval(code) }
                    try await double.wait(#"{"POST /oauth2/token": 1}"#)
                    group.cancelAll()
                    await #expect(throws: CancellationError.self) { try await group.waitForAll() }
                }
            }
        }
    }

    @Test
    func logsInByRedirectWithASecret() async throws {
        try await TwitchDouble.with { double in
            var settings = double.settings()
            settings.client.secret = TwitchSecret("demo-secret")
            try await account(double, settings: settings) { account, store in
                try await double.order("code", #"{"code":"c1","scopes":["user:read:chat"]}"#)
                let login = TwitchLogin(account: account)
                let identity = try await login.complete(code: TwitchSecret("c1"), redirect: "http://localhost/back")
                #expect(identity.scopes == ["user:read:chat"])
                await #expect(throws: TwitchFailure.self) {
                    try await login.complete(code: TwitchSecret("c1"), redirect: "http://localhost/back")
                }
                #expect(try store.load() != nil)
            }
        }
    }

    @Test
    func needsAClientID() async throws {
        try await TwitchDouble.with { double in
            try await account(double, settings: double.settings(clientID: "")) { account, _ in
                #expect(await account.status == .notConfigured)
                let failure = await #expect(throws: TwitchFailure.self) {
                    try await TwitchLogin(account: account).begin()
                }
                #expect(failure?.code == .settings)
            }
        }
    }

    @Test
    func refreshesOnceForManyWhoAskAtOnce() async throws {
        try await TwitchDouble.with { double in
            try await account(double) { account, store in
                try store.save(try await double.grant())
                _ = try await account.identity()
                try await double.order("expire")
                let clips = TwitchClips(account: account)
                let channel = try #require(TwitchChannelName("demo"))
                let made = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<20 { group.addTask { try await clips.create(channel: channel).id } }
                    return try await group.reduce(into: Set<String>()) { $0.insert($1) }
                }
                #expect(made.count == 20)
                #expect(try await double.count("POST /oauth2/token") == 1)
            }
        }
    }

    @Test
    func finishesARefreshWhoseAskerIsGone() async throws {
        try await TwitchDouble.with { double in
            try await account(double) { account, store in
                try store.save(try await double.grant())
                _ = try await account.identity()
                try await double.order("expire")
                let channel = try #require(TwitchChannelName("demo"))
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await TwitchClips(account: account).create(channel: channel) }
                    try? await double.wait(#"{"GET /helix/users": 1}"#)
                    group.cancelAll()
                }
                // Whether it was the refresh or the request before it that was cut off: the login is good.
                _ = try await TwitchClips(account: account).create(channel: channel)
                #expect(try await double.count("POST /oauth2/token") == 1)
            }
        }
    }

    @Test
    func validatesAtTheStart() async throws {
        try await TwitchDouble.with { double in
            try await account(double) { account, store in
                try store.save(try await double.grant())
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await account.run() }
                    try? await double.wait(#"{"GET /oauth2/validate": 1}"#)
                    group.cancelAll()
                }
                #expect(try await account.identity().login == "demo_reader")
                #expect(try await double.count("GET /oauth2/validate") == 1)
            }
        }
    }

    @Test
    func logsOutHereAndAtTwitch() async throws {
        try await TwitchDouble.with { double in
            try await account(double) { account, store in
                try store.save(try await double.grant())
                _ = try await account.identity()
                try await account.logOut()
                #expect(try store.load() == nil)
                #expect(await account.status == .loggedOut)
                #expect(String(decoding: try await double.order("state"), as: UTF8.self).contains(#""tokens": []"#))
            }
        }
    }

    @Test(arguments: [
        (#"{"clip_status":404}"#, TwitchFailure.Code.notFound), (#"{"clip_status":403}"#, .forbidden),
        (#"{"clip_status":503}"#, .server), (#"{"clip_status":429}"#, .rateLimited),
        (#"{"status":{"/helix/users":[503]}}"#, .server), (#"{"status":{"/helix/users":[1]}}"#, .badReply),
        (#"{"status":{"/helix/users":[0]}}"#, .timeout),
    ])
    func saysWhyThereIsNoClip(knobs: String, code: TwitchFailure.Code) async throws {
        try await TwitchDouble.with { double in
            try await double.order("set", knobs)
            var settings = double.settings()
            if code == .timeout { settings.requestLimit = .milliseconds(300) }
            try await account(double, settings: settings) { account, store in
                try store.save(try await double.grant())
                let channel = try #require(TwitchChannelName("demo"))
                let failure = await #expect(throws: TwitchFailure.self) {
                    try await TwitchClips(account: account).create(channel: channel)
                }
                #expect(failure?.code == code)
            }
        }
    }

    @Test
    func saysThatThereIsNoSuchChannel() async throws {
        try await TwitchDouble.with { double in
            try await account(double) { account, store in
                try store.save(try await double.grant())
                let channel = try #require(TwitchChannelName("nobody_here"))
                let failure = await #expect(throws: TwitchFailure.self) {
                    try await TwitchClips(account: account).create(channel: channel)
                }
                #expect(failure?.code == .notFound)
            }
        }
    }

    @Test
    func saysThatTwitchCannotBeReached() async throws {
        try await TwitchDouble.with { double in
            var settings = double.settings()
            settings.client.endpoints.id = "http://127.0.0.1:1/oauth2"
            try await account(double, settings: settings) { account, store in
                try store.save(try await double.grant())
                let failure = await #expect(throws: TwitchFailure.self) { try await account.identity() }
                #expect(failure?.code == .network)
                #expect(try store.load() != nil)
            }
        }
    }
}
