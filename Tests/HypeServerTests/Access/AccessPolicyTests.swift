import HTTPTypes
import HypeServer
import Testing

@Suite
struct AccessPolicyTests {
    private static let own = "127.0.0.1:3000"

    private func policy(_ change: (inout ServerSettings) -> Void = { _ in }) -> AccessPolicy {
        var settings = ServerSettings()
        change(&settings)
        return AccessPolicy(settings)
    }

    private func fields(_ pairs: [String: String]) -> HTTPFields {
        HTTPFields(pairs.compactMap { name, value in HTTPField.Name(name).map { HTTPField(name: $0, value: value) } })
    }

    @Test(arguments: ["127.0.0.1:3000", "localhost:3000", "LOCALHOST", "[::1]:3000", "localhost:9"])
    func ownNamesAreServed(host: String) throws {
        try policy().checkHost(host)
    }

    @Test(arguments: [
        "evil.example:3000", "127.0.0.1.evil.example", "", "a b", "user@localhost", "localhost:99999", "1.2.3.4",
    ])
    func otherNamesAreRefusedOnLoopback(host: String) {
        #expect(throws: AccessPolicy.Refusal.host) { try policy().checkHost(host) }
    }

    @Test
    func anAddressWithoutHostIsRefused() {
        #expect(throws: AccessPolicy.Refusal.host) { try policy().checkHost(nil) }
    }

    @Test
    func elsewhereEveryNameIsServedUnlessNamesAreListed() throws {
        try policy { ($0.host, $0.token) = ("0.0.0.0", "secret") }.checkHost("my.example:3000")
        let listed = policy { ($0.host, $0.token, $0.allowedHosts) = ("0.0.0.0", "secret", ["My.Example"]) }
        try listed.checkHost("my.example")
        #expect(throws: AccessPolicy.Refusal.host) { try listed.checkHost("other.example") }
    }

    @Test
    func whatTellsNeedsTheTokenWhereThereIsOne() throws {
        let open = policy()
        try open.check(.read, method: .get, authority: Self.own, headers: [:], credential: .none)
        let closed = policy { $0.token = "a-long-enough-token" }
        try closed.check(.open, method: .get, authority: Self.own, headers: [:], credential: .none)
        for credential in [AccessPolicy.Credential.token, .cookie] {
            try closed.check(.read, method: .get, authority: Self.own, headers: [:], credential: credential)
        }
        #expect(throws: AccessPolicy.Refusal.credential) {
            try closed.check(.read, method: .get, authority: Self.own, headers: [:], credential: .none)
        }
    }

    /// Who sends a change, and whether it is done: with a cookie or on an open server.
    static let changes: [(HTTPRequest.Method, [String: String], Bool)] = [
        (.post, [:], true),
        (.post, ["Origin": "http://127.0.0.1:3000"], true),
        (.post, ["Origin": "http://127.0.0.1:3001"], false),
        (.post, ["Origin": "https://127.0.0.1:3000"], false),
        (.post, ["Origin": "http://evil.example"], false),
        (.post, ["Origin": "null"], false),
        (.post, ["Sec-Fetch-Site": "same-origin"], true),
        (.post, ["Sec-Fetch-Site": "same-site"], false),
        (.post, ["Sec-Fetch-Site": "cross-site"], false),
        (.get, ["Sec-Fetch-Site": "none", "User-Agent": "Mozilla/5.0"], true),
        (.get, ["User-Agent": "Mozilla/5.0"], false),
        (.get, ["User-Agent": "Mozilla/5.0", "Referer": "http://127.0.0.1:3000/x"], true),
        (.get, ["User-Agent": "Mozilla/5.0", "Referer": "http://evil.example/"], false),
        (.get, ["User-Agent": "curl/8"], true),
    ]

    @Test(arguments: changes)
    func onlyOurOwnPagesChangeThings(method: HTTPRequest.Method, headers: [String: String], isDone: Bool) {
        for (policy, credential) in [
            (policy(), AccessPolicy.Credential.none), (policy { $0.token = "secret" }, .cookie),
        ] {
            let result = Result {
                try policy.check(
                    .change,
                    method: method,
                    authority: Self.own,
                    headers: fields(headers),
                    credential: credential
                )
            }
            #expect(((try? result.get()) != nil) == isDone)
        }
    }

    @Test
    func theTokenItselfNeedsNoPage() throws {
        try policy { $0.token = "secret" }.check(
            .change,
            method: .post,
            authority: Self.own,
            headers: fields(["Origin": "http://evil.example"]),
            credential: .token
        )
    }

    @Test
    func listedOriginsMayReadAndConnect() {
        let policy = policy { $0.allowedOrigins = ["https://studio.example"] }
        #expect(policy.foreignOrigin("https://studio.example") == "https://studio.example")
        #expect(policy.foreignOrigin("https://studio.example:444") == nil)
        #expect(policy.allows(origin: "https://studio.example", authority: Self.own))
        #expect(!policy.allows(origin: "https://evil.example", authority: Self.own))
        #expect(policy.allows(origin: nil, authority: Self.own))
    }
}
