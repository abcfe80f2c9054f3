import AsyncHTTPClient
import Foundation
import HypeChat
import HypeTwitch
import Logging
import NIOCore
import NIOHTTP1
import Testing

/// The stand-in for Twitch, `Scripts/demo/twitch_double.py`, running on a free port for as long as this lives.
final class TwitchDouble: Sendable {
    /// An order that the double did not take.
    struct Refusal: Error {
        let order: String
        let status: UInt
    }

    let port: Int
    /// The double ends when this does.
    private let input: Pipe

    private init(input: Pipe, port: Int) {
        self.input = input
        self.port = port
    }

    /// Starts a double and lends it out.
    static func with<Result>(_ body: (TwitchDouble) async throws -> Result) async throws -> Result {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../Scripts/demo/twitch_double.py"
        )
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", script.standardizedFileURL.path, "--channel", "demo"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != 0x0a {
            let piece = output.fileHandleForReading.availableData
            if piece.isEmpty { break }
            line.append(piece)
        }
        let first = try JSONDecoder().decode([String: Int].self, from: line)
        let double = TwitchDouble(input: input, port: try #require(first["port"]))
        defer { process.terminate() }
        return try await body(double)
    }

    /// Settings that point everywhere to this double, with short times.
    func settings(clientID: String = "demo-client") -> TwitchSettings {
        var client = TwitchClient(id: clientID)
        client.endpoints.id = "http://127.0.0.1:\(port)/oauth2"
        client.endpoints.helix = "http://127.0.0.1:\(port)/helix"
        client.endpoints.eventSub = "ws://127.0.0.1:\(port)/ws"
        client.endpoints.irc = "ws://127.0.0.1:\(port)/irc"
        var settings = TwitchSettings(client: client)
        settings.loginCheck = .milliseconds(50)
        settings.irc.backoff.first = .milliseconds(20)
        settings.irc.backoff.longest = .milliseconds(200)
        settings.eventSub.backoff = settings.irc.backoff
        settings.eventSub.subscribePause = .milliseconds(50)
        return settings
    }

    /// Tells the double to do something.
    @discardableResult
    func order(_ name: String, _ json: String = "{}") async throws -> [UInt8] {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/control/\(name)")
        request.method = .POST
        request.body = .bytes(ByteBuffer(string: json))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(50))
        let body = try await response.body.collect(upTo: 1 << 20)
        guard response.status == .ok else { throw Refusal(order: name, status: response.status.code) }
        return Array(body.readableBytesView)
    }

    /// Waits until the double has counted at least so much, such as `{"irc JOIN": 2}`.
    func wait(_ json: String) async throws { try await order("await", json) }

    /// How often something happened.
    func count(_ what: String) async throws -> Int {
        struct State: Decodable { var counts: [String: Int] }
        return try JSONDecoder().decode(State.self, from: Data(try await order("state"))).counts[what] ?? 0
    }

    /// Makes a login that this double takes.
    func grant(_ scopes: [String] = ["user:read:chat", "clips:edit"]) async throws -> TwitchTokens {
        struct Grant: Decodable { var accessToken, refreshToken: String }
        let list = scopes.map { "\"\($0)\"" }.joined(separator: ",")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let grant = try decoder.decode(
            Grant.self,
            from: Data(try await order("grant", #"{"scopes":[\#(list)]}"#))
        )
        return TwitchTokens(
            access: TwitchSecret(grant.accessToken),
            refresh: TwitchSecret(grant.refreshToken),
            expires: Date(timeIntervalSinceNow: 14_400),
            scopes: scopes
        )
    }
}

/// A folder that is gone afterwards.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "twitch-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

/// A chat that is being read from a double, with what it told so far.
final class Reading {
    let chat: TwitchChat
    let account: TwitchAccount
    let store: TwitchTokenStore
    private var events: AsyncStream<ChatEvent>.Iterator
    private var states: AsyncStream<TwitchChatState>.Iterator

    init(chat: TwitchChat, account: TwitchAccount, store: TwitchTokenStore) {
        self.chat = chat
        self.account = account
        self.store = store
        events = chat.events.makeAsyncIterator()
        states = chat.states.makeAsyncIterator()
    }

    /// The next thing that happens in the chat.
    func event() async throws -> ChatEvent {
        try #require(await events.next(isolation: #isolation))
    }

    /// The next state that fits.
    @discardableResult
    func state(where fits: (TwitchChatState) -> Bool) async throws -> TwitchChatState {
        while let state = await states.next(isolation: #isolation) {
            if fits(state) { return state }
        }
        throw CancellationError()
    }

    func connected(_ route: TwitchChatState.Route) async throws { try await state { $0 == .connected(route) } }

    /// Waits for a loss; its reason.
    func missing() async throws -> String {
        guard case .missing(let reason) = try await state(where: { !$0.isReading }) else { return "" }
        return reason
    }
}

/// Reads the double's chat while a body runs.
func reading(
    _ double: TwitchDouble,
    settings: TwitchSettings? = nil,
    login: TwitchTokens? = nil,
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    _ body: @escaping (Reading) async throws -> Void
) async throws {
    try await withFolder { folder in
        let store = TwitchTokenStore(folder: folder)
        if let login { try store.save(login) }
        let account = TwitchAccount(settings: settings ?? double.settings(), tokens: store, logger: logger)
        let channel = try #require(TwitchChannelName("demo"))
        let chat = TwitchChat(channel: channel, account: account, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await chat.run() }
            try await body(Reading(chat: chat, account: account, store: store))
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(chat.state == .missing(reason: "stopped"))
    }
}
