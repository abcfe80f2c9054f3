import Foundation
import HypeChat
import HypeTwitch
import Testing

@Suite
struct TwitchTokenStoreTests {
    private static func tokens(_ number: Int = 1) -> TwitchTokens {
        TwitchTokens(
            access: TwitchSecret("access\(number)"),
            refresh: TwitchSecret("refresh\(number)"),
            expires: Date(timeIntervalSince1970: 1_780_000_000),
            scopes: ["user:read:chat"]
        )
    }

    private static func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test
    func keepsALoginForItsOwnerOnly() async throws {
        try await withFolder { folder in
            let store = TwitchTokenStore(folder: folder + "/a/twitch")
            #expect(try store.load() == nil)
            #expect(store.version == nil)
            let mask = umask(0)
            defer { umask(mask) }
            try store.save(Self.tokens())
            #expect(try store.load() == Self.tokens())
            #expect(try Self.permissions(folder + "/a/twitch/login.json") == 0o600)
            #expect(try Self.permissions(folder + "/a/twitch") == 0o700)
            let version = store.version
            try store.save(Self.tokens(2))
            #expect(store.version != version)
            #expect(try store.load() == Self.tokens(2))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a/twitch") == ["login.json"])
            try store.forget()
            try store.forget()
            #expect(try store.load() == nil)
        }
    }

    @Test
    func closesWhatWasOpenToOthers() async throws {
        try await withFolder { folder in
            let store = TwitchTokenStore(folder: folder)
            try store.save(Self.tokens())
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder + "/login.json")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
            #expect(try store.load() == Self.tokens())
            #expect(try Self.permissions(folder + "/login.json") == 0o600)
            try store.save(Self.tokens(2))
            #expect(try Self.permissions(folder) == 0o700)
        }
    }

    @Test(arguments: ["", "{", "[]", #"{"access":""}"#, "\0\0\0", #"{"access":1,"expires":0,"scopes":[]}"#])
    func saysThatAFileIsNoLogin(text: String) async throws {
        try await withFolder { folder in
            let store = TwitchTokenStore(folder: folder)
            try store.save(Self.tokens())
            try Data(text.utf8).write(to: URL(filePath: folder + "/login.json"))
            let failure = #expect(throws: TwitchFailure.self) { try store.load() }
            #expect(failure?.code == .storage)
            #expect(failure?.message.contains("log in to Twitch again") == true)
        }
    }

    @Test
    func doesNotFollowLinks() async throws {
        try await withFolder { folder in
            let store = TwitchTokenStore(folder: folder)
            try store.save(Self.tokens())
            let file = folder + "/login.json"
            try FileManager.default.moveItem(atPath: file, toPath: folder + "/elsewhere")
            try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: folder + "/elsewhere")
            #expect(throws: TwitchFailure.self) { try store.load() }
            try store.save(Self.tokens(2))
            #expect(try store.load() == Self.tokens(2))
        }
    }

    @Test
    func leavesTheOldLoginWhereTheNewOneCannotBeWritten() async throws {
        try await withFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: folder + "/file"))
            let store = TwitchTokenStore(folder: folder + "/file")
            let failure = #expect(throws: TwitchFailure.self) { try store.save(Self.tokens()) }
            #expect(failure?.code == .storage)
            #expect(failure?.message.contains("access1") == false)
        }
    }
}
