import NIOCore
import SocketIO
import Testing

@Suite(.timeLimit(.minutes(1)))
struct UpgradeTests {
    private static let webSocket = "/socket.io/?EIO=4&transport=websocket"

    @Test
    func aSessionMovesToAWebSocket() async throws {
        try await withServer { port, server in
            let client = try await RawClient.connect(port: port)
            let target = try await PollingTests.session(client)
            _ = try await client.fetch("POST", target, body: "40")
            _ = try await client.fetch("GET", target)
            let socketTarget = target.replacing("polling", with: "websocket")
            let socket = try await WebSocketClient.open(port: port, socketTarget)
            try await socket.send("2probe")
            #expect(try await socket.next() == .text("3probe"))
            #expect(try await client.fetch("GET", target).body == "6")
            _ = try await client.fetch("POST", target, body: "42[\"echo\",1]")
            try await socket.send("5")
            #expect(try await socket.text() == "42[\"echoed\",1]")
            try await socket.send("42[\"echo\",2]")
            #expect(try await socket.text() == "42[\"echoed\",2]")
            #expect(server.statistics.webSockets == 1)
            #expect(try await client.fetch("GET", target).status == 400)
            #expect(try await client.fetch("POST", target, body: "42[\"echo\",3]").status == 400)
            let second = try await WebSocketClient.open(port: port, socketTarget)
            #expect(try await second.next() == .close(1000))
            try await socket.send("42[\"echo\",4]")
            #expect(try await socket.text() == "42[\"echoed\",4]")
        }
    }

    @Test
    func anUpgradeThatIsNotCompletedEnds() async throws {
        try await withServer {
            $0.upgradeTimeout = .milliseconds(50)
        } _: { port, _ in
            let client = try await RawClient.connect(port: port)
            let target = try await PollingTests.session(client)
            let socket = try await WebSocketClient.open(port: port, target.replacing("polling", with: "websocket"))
            #expect(try await socket.next() == .close(1000))
            _ = try await client.fetch("POST", target, body: "40")
            #expect(try await client.fetch("GET", target).body.hasPrefix("40"))
        }
    }

    @Test(
        arguments: [
            ("/socket.io/?EIO=4&transport=websocket&sid=none", 400, #"{"code":1,"message":"Session ID unknown"}"#),
            ("/socket.io/?EIO=3&transport=websocket", 400, #"{"code":5,"message":"Unsupported protocol version"}"#),
            ("/socket.io/?EIO=4&transport=abc", 400, #"{"code":0,"message":"Transport unknown"}"#),
            ("/elsewhere", 404, ""),
        ]
    )
    func aRefusedUpgradeIsAnsweredAndTheConnectionGoesOn(target: String, status: Int, body: String) async throws {
        try await withServer { port, _ in
            let client = try await RawClient.connect(port: port)
            // Two at once: the bytes of the second are with the decoder when it stops.
            try await client.request("GET", target, headers: WebSocketClient.upgradeHeaders)
            try await client.request("GET", PollingTests.open)
            let refusal = try await client.response()
            #expect(refusal.status == status && refusal.body == body)
            #expect(try await client.response().status == 200)
            let upgraded = try await client.fetch("GET", Self.webSocket, headers: WebSocketClient.upgradeHeaders)
            #expect(upgraded.status == 101)
            #expect(upgraded.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        }
    }

    @Test(arguments: ["Sec-WebSocket-Key", "Sec-WebSocket-Version"])
    func anIncompleteUpgradeIsRefused(missing: String) async throws {
        try await withServer { port, _ in
            let client = try await RawClient.connect(port: port)
            let headers = WebSocketClient.upgradeHeaders.filter { $0.key != missing }
            let refusal = try await client.fetch("GET", Self.webSocket, headers: headers)
            #expect(refusal.status == 400 && refusal.body == #"{"code":3,"message":"Bad request"}"#)
            #expect(try await client.fetch("GET", PollingTests.open).status == 200)
        }
    }

    @Test
    func otherUpgradesAreIgnored() async throws {
        try await withServer { port, _ in
            let client = try await RawClient.connect(port: port)
            let headers = ["Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings", "HTTP2-Settings": "AAMAAABk"]
            #expect(try await client.fetch("GET", PollingTests.open, headers: headers).status == 200)
            let body = String(repeating: "x", count: 300_000)
            #expect(try await client.fetch("POST", "/other", headers: headers, body: body).status == 404)
            #expect(try await client.fetch("GET", PollingTests.open).status == 200)
        }
    }

    @Test
    func framesBehindTheUpgradeRequestAreNotLost() async throws {
        try await withServer { port, _ in
            let client = try await RawClient.connect(port: port)
            let target = try await PollingTests.session(client)
            let raw = try await RawClient.connect(port: port)
            var request = "GET \(target.replacing("polling", with: "websocket")) HTTP/1.1\r\nHost: a\r\n"
            for (name, value) in WebSocketClient.upgradeHeaders { request += "\(name): \(value)\r\n" }
            var bytes = ByteBuffer(string: request + "\r\n")
            bytes.writeBytes([0x81, 0x86, 0, 0, 0, 0] + Array("2probe".utf8))
            try await raw.send(bytes)
            #expect(try await raw.response().status == 101)
            #expect(try await WebSocketClient(raw).next() == .text("3probe"))
        }
    }

    @Test
    func answersKeepTheOrderOfTheRequests() async throws {
        try await withServer { port, _ in
            let client = try await RawClient.connect(port: port)
            let target = try await PollingTests.session(client)
            // The poll waits; the requests behind it must not overtake it.
            try await client.request("GET", target)
            try await client.request("GET", "/other")
            try await client.request("GET", PollingTests.open)
            let other = try await RawClient.connect(port: port)
            _ = try await other.fetch("POST", target, body: "40")
            #expect(try await client.response().body.hasPrefix("40"))
            #expect(try await client.response().status == 404)
            #expect(try await client.response().body.hasPrefix("0{"))
        }
    }

    @Test
    func theLastRequestOfAConnectionClosesIt() async throws {
        try await withServer { port, _ in
            let client = try await RawClient.connect(port: port)
            let response = try await client.fetch("GET", PollingTests.open, headers: ["Connection": "close"])
            #expect(response.headers["connection"] == "close")
            #expect(await client.untilClosed() == "")
        }
    }

    @Test
    func whatIsNoHTTPIsRefused() async throws {
        try await withServer { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("hello\r\n\r\n")
            #expect(await client.untilClosed().hasPrefix("HTTP/1.1 400"))
        }
    }
}
