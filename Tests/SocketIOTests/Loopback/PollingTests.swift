import SocketIO
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PollingTests {
    static let open = "/socket.io/?EIO=4&transport=polling"

    /// Opens a session and returns the target of its further requests.
    static func session(_ client: RawClient) async throws -> String {
        let response = try await client.fetch("GET", open)
        let id = try SocketIOValue(json: String(response.body.dropFirst()))["sid"]?.string
        return open + "&sid=" + (try #require(id))
    }

    @Test
    func theHandshakeSaysWhatTheServerDoes() async throws {
        try await withServer { port, _ in
            let client = try await RawClient.connect(port: port)
            let response = try await client.fetch("GET", Self.open)
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "text/plain; charset=UTF-8")
            #expect(response.headers["access-control-allow-origin"] == nil)
            #expect(response.body.first == "0")
            let value = try SocketIOValue(json: String(response.body.dropFirst()))
            #expect(value["upgrades"] == ["websocket"])
            #expect(
                value["pingInterval"] == 25_000 && value["pingTimeout"] == 20_000 && value["maxPayload"] == 1_000_000
            )
            #expect(value["sid"]?.string?.count == 20)
        }
    }

    @Test(
        arguments: [
            ("GET", "/socket.io/?EIO=4", 400, #"{"code":0,"message":"Transport unknown"}"#),
            ("GET", "/socket.io/?EIO=4&transport=abc", 400, #"{"code":0,"message":"Transport unknown"}"#),
            ("GET", open + "&sid=none", 400, #"{"code":1,"message":"Session ID unknown"}"#),
            ("POST", open + "&sid=none", 400, #"{"code":1,"message":"Session ID unknown"}"#),
            ("POST", open, 400, #"{"code":2,"message":"Bad handshake method"}"#),
            ("PUT", open, 400, #"{"code":2,"message":"Bad handshake method"}"#),
            ("GET", "/socket.io/?EIO=4&transport=websocket", 400, #"{"code":3,"message":"Bad request"}"#),
            (
                "GET", "/socket.io/?EIO=3&transport=polling", 400,
                #"{"code":5,"message":"Unsupported protocol version"}"#
            ),
            ("GET", "/socket.io?transport=polling", 400, #"{"code":5,"message":"Unsupported protocol version"}"#),
            ("GET", "/socket.io/socket.io.js", 404, ""), ("GET", "/", 404, ""),
        ]
    )
    func errors(method: String, target: String, status: Int, body: String) async throws {
        try await withServer { port, _ in
            let client = try await RawClient.connect(port: port)
            let response = try await client.fetch(method, target, body: method == "GET" ? nil : "4x")
            #expect(response.status == status)
            #expect(response.body == body)
            #expect(try await client.fetch("GET", Self.open).status == 200)
        }
    }

    @Test
    func eventsGoBothWays() async throws {
        try await withServer { port, _ in
            let client = try await RawClient.connect(port: port)
            let target = try await Self.session(client)
            #expect(try await client.fetch("POST", target, body: "40").body == "ok")
            #expect(try await client.fetch("GET", target).body.hasPrefix("40{\"sid\":"))
            let packets = "42[\"echo\",\"é\"]\u{1E}451-[\"echo\",{\"_placeholder\":true,\"num\":0}]\u{1E}bAQIDBA=="
            #expect(try await client.fetch("POST", target, body: packets).body == "ok")
            let answer = "42[\"echoed\",\"é\"]\u{1E}451-[\"echoed\",{\"_placeholder\":true,\"num\":0}]\u{1E}bAQIDBA=="
            #expect(try await client.fetch("GET", target).body == answer)
        }
    }

    @Test
    func aMalformedPayloadEndsTheSession() async throws {
        try await withServer { port, server in
            let client = try await RawClient.connect(port: port)
            let target = try await Self.session(client)
            #expect(server.statistics.clients == 1)
            #expect(try await client.fetch("POST", target, body: "abc").status == 400)
            #expect(try await client.fetch("GET", target).status == 400)
            #expect(server.statistics.clients == 0)
        }
    }

    @Test
    func aSecondPollEndsTheSession() async throws {
        try await withServer { port, _ in
            let first = try await RawClient.connect(port: port)
            let second = try await RawClient.connect(port: port)
            let target = try await Self.session(first)
            // Which of the two comes first is the machine's to decide; the later one is refused.
            try await first.request("GET", target)
            try await second.request("GET", target)
            let bodies = [try await first.response(), try await second.response()].sorted { $0.status < $1.status }
            #expect(bodies.map(\.status) == [200, 400])
            #expect(bodies[0].body == "1")
            #expect(try await second.fetch("GET", target).status == 400)
        }
    }

    @Test
    func aPollThatComesAfterTheCloseGetsItsNoopOnce() async throws {
        try await withServer { port, _ in
            let client = try await RawClient.connect(port: port)
            let target = try await Self.session(client)
            #expect(try await client.fetch("POST", target, body: "1").body == "ok")
            #expect(try await client.fetch("GET", target).body == "6")
            #expect(try await client.fetch("GET", target).status == 400)
        }
    }

    @Test
    func whatTheServerSaidBeforeItClosedStillArrives() async throws {
        let setUp: (SocketIOServer) -> Void = { server in
            server.namespace("/").onConnection { socket in
                socket.on("leave") { _, _ in
                    socket.emit("bye")
                    socket.disconnect(closingConnection: true)
                }
            }
        }
        try await withServer(setUp: setUp) { port, _ in
            let client = try await RawClient.connect(port: port)
            let target = try await Self.session(client)
            _ = try await client.fetch("POST", target, body: "40")
            _ = try await client.fetch("GET", target)
            _ = try await client.fetch("POST", target, body: "42[\"leave\"]")
            #expect(try await client.fetch("GET", target).body == "42[\"bye\"]\u{1E}1")
        }
    }

    @Test
    func theHeartbeatEndsSilentSessions() async throws {
        let ended = Signal<SocketIODisconnectReason>()
        try await withServer {
            $0.pingInterval = .seconds(1)
            $0.pingTimeout = .seconds(5)
        } setUp: { server in
            server.namespace("/").onConnection { $0.onDisconnect { ended.send($0) } }
        } _: { port, _ in
            let client = try await RawClient.connect(port: port)
            let target = try await Self.session(client)
            _ = try await client.fetch("POST", target, body: "40")
            // Where this machine is busy, the answer and the first ping come together.
            var packets: [Substring] = []
            while !packets.contains("2") {
                let answer = try await client.fetch("GET", target)
                try #require(answer.status == 200)
                packets += answer.body.split(separator: "\u{1E}")
            }
            #expect(packets.first?.hasPrefix("40") == true)
            #expect(await ended.next() == .pingTimeout)
            #expect(try await client.fetch("GET", target).status == 400)
        }
    }

    @Test
    func whoJoinsNothingIsSentAway() async throws {
        try await withServer {
            $0.connectTimeout = .milliseconds(50)
        } _: { port, _ in
            let client = try await RawClient.connect(port: port)
            let target = try await Self.session(client)
            #expect(try await client.fetch("GET", target).body == "1")
        }
    }

    @Test(arguments: [true, false])
    func aPayloadThatIsTooLargeIsRefused(isAnnounced: Bool) async throws {
        try await withServer {
            $0.maximumPayload = 100
        } _: { port, _ in
            let client = try await RawClient.connect(port: port)
            let target = try await Self.session(client)
            let body = String(repeating: "4", count: 101)
            if isAnnounced {
                try await client.request("POST", target, body: body)
            } else {
                try await client.request("POST", target, headers: ["Transfer-Encoding": "chunked"])
                try await client.send("65\r\n\(body)\r\n")
            }
            let response = try await client.response()
            #expect(response.status == 413)
            #expect(response.headers["connection"] == "close")
            #expect(await client.untilClosed() == "")
            let other = try await RawClient.connect(port: port)
            #expect(try await other.fetch("POST", target, body: "40").body == "ok")
        }
    }

    @Test
    func aSlowClientIsNotBufferedWithoutEnd() async throws {
        let ended = Signal<SocketIODisconnectReason>()
        try await withServer {
            $0.maximumUnsentBytes = 1 << 16
        } setUp: { server in
            server.namespace("/").onConnection { $0.onDisconnect { ended.send($0) } }
        } _: { port, server in
            let client = try await RawClient.connect(port: port)
            let target = try await Self.session(client)
            _ = try await client.fetch("POST", target, body: "40")
            let filler = SocketIOValue.string(String(repeating: "x", count: 10_000))
            for _ in 0..<8 { server.namespace("/").emit("large", filler) }
            #expect(await ended.next() == .slowClient)
            #expect(server.statistics.slowClients == 1)
            #expect(server.statistics.droppedBytes > 10_000)
        }
    }

    @Test
    func aPollThatIsHungUpEndsTheSession() async throws {
        let ended = Signal<SocketIODisconnectReason>()
        try await withServer { _ in
        } setUp: { server in
            server.namespace("/").onConnection { $0.onDisconnect { ended.send($0) } }
        } _: { port, _ in
            let client = try await RawClient.connect(port: port)
            let target = try await Self.session(client)
            _ = try await client.fetch("POST", target, body: "40")
            _ = try await client.fetch("GET", target)
            try await client.request("GET", target)
            await client.close()
            #expect(await ended.next() == .transportClose)
        }
    }
}
