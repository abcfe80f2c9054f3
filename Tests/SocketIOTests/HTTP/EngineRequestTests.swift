import NIOHTTP1
import SocketIO
import Testing

@Suite
struct EngineRequestTests {
    private static let webSocket: HTTPHeaders = ["Upgrade": "websocket", "Connection": "keep-alive, Upgrade"]

    private func read(
        _ query: String,
        method: HTTPMethod = .GET,
        headers: HTTPHeaders = [:],
        origins: SocketIOOrigins = SocketIOOrigins()
    ) -> EngineRequest {
        var configuration = EngineConfiguration()
        configuration.origins = origins
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: "/socket.io/?" + query, headers: headers)
        return EngineRequest(head, configuration: configuration)
    }

    @Test(
        arguments: [
            ("EIO=4&transport=polling", HTTPMethod.GET, EngineRequest.openPolling),
            ("EIO=4&transport=polling&sid=a", .GET, .poll(id: "a")),
            ("transport=polling&sid=a%2Fb", .GET, .poll(id: "a/b")),
            ("EIO=4&transport=polling&sid=a", .POST, .post(id: "a")), ("EIO=4", .GET, .refuse(.unknownTransport)),
            ("EIO=4&transport=abc", .GET, .refuse(.unknownTransport)), ("", .PUT, .refuse(.unknownTransport)),
            ("EIO=4&transport=polling", .POST, .refuse(.badHandshakeMethod)),
            ("EIO=4&transport=polling", .PUT, .refuse(.badHandshakeMethod)),
            ("EIO=4&transport=polling", .OPTIONS, .refuse(.badHandshakeMethod)),
            ("EIO=4&transport=polling&sid=a", .PUT, .refuse(.badHandshakeMethod)),
            ("EIO=4&transport=websocket", .GET, .refuse(.badRequest)),
            ("EIO=4&transport=websocket&sid=a", .GET, .refuse(.badRequest)),
            ("transport=polling", .GET, .refuse(.unsupportedVersion)),
            ("EIO=3&transport=polling", .GET, .refuse(.unsupportedVersion)),
            ("EIO=abc&transport=polling", .GET, .refuse(.unsupportedVersion)),
        ] as [(String, HTTPMethod, EngineRequest)]
    )
    func readsWithoutUpgrade(query: String, method: HTTPMethod, request: EngineRequest) {
        #expect(read(query, method: method) == request)
    }

    @Test(
        arguments: [
            ("EIO=4&transport=websocket", EngineRequest.openWebSocket),
            ("EIO=4&transport=websocket&sid=a", .upgrade(id: "a")),
            ("EIO=3&transport=websocket", .refuse(.unsupportedVersion)),
            ("EIO=4&transport=polling&sid=a", .poll(id: "a")),
        ]
    )
    func readsUpgrades(query: String, request: EngineRequest) {
        #expect(read(query, headers: Self.webSocket) == request)
    }

    @Test(
        arguments: [
            (nil, true), ("http://example.org:3000", true), ("https://example.org:3000", true),
            ("http://example.org", false),
            ("http://other.org", false), ("http://friend.org", true), ("http://friend.org.evil.org", false),
            ("null", false),
            ("", false), ("http://", false), ("file://example.org:3000", false),
        ] as [(String?, Bool)]
    )
    func originsAreChecked(origin: String?, isAdmitted: Bool) {
        var headers: HTTPHeaders = ["Host": "example.org:3000"]
        if let origin { headers.add(name: "Origin", value: origin) }
        let request = read(
            "EIO=4&transport=polling",
            headers: headers,
            origins: SocketIOOrigins(allowed: ["http://friend.org"])
        )
        #expect(request == (isAdmitted ? .openPolling : .refuse(.forbidden("Origin not allowed"))))
    }

    @Test
    func theDefaultPortMayBeLeftOut() {
        for (origin, host) in [
            ("http://A.org", "a.org:80"), ("https://a.org:443", "a.org"), ("https://a.org", "a.org"),
        ] {
            let headers: HTTPHeaders = ["Host": host, "Origin": origin]
            #expect(read("EIO=4&transport=polling", headers: headers) == .openPolling)
        }
        let headers: HTTPHeaders = ["Host": "a.org:443", "Origin": "http://a.org"]
        #expect(read("EIO=4&transport=polling", headers: headers) == .refuse(.forbidden("Origin not allowed")))
    }

    @Test
    func preflightsAreForAdmittedOrigins() {
        let headers: HTTPHeaders = [
            "Host": "a.org", "Origin": "http://friend.org", "Access-Control-Request-Method": "POST",
        ]
        let origins = SocketIOOrigins(allowed: ["http://friend.org"])
        #expect(read("", method: .OPTIONS, headers: headers, origins: origins) == .preflight)
        #expect(read("", method: .OPTIONS, headers: headers) == .refuse(.forbidden("Origin not allowed")))
    }

    @Test
    func targetsAreTakenApart() {
        let target = RequestTarget("http://host/socket.io/?a=1&b=%C3%A9+x&c&d=%zz&a=2")
        #expect(target.path == "/socket.io/")
        #expect(
            target["a"] == "1" && target["b"] == "é x" && target["c"] == "" && target["d"] == "%zz"
                && target["e"] == nil
        )
        #expect(RequestTarget.path(of: "/a/b?c=/d") == "/a/b")
        #expect(RequestTarget("*").path == "*")
        #expect(RequestTarget("http://host").path == "/")
    }
}
