import NIOCore
import SocketIO
import Testing

@Suite(.timeLimit(.minutes(1)))
struct NamespaceTests {
    @Test
    func onlyWhatWasMadeCanBeJoined() async throws {
        try await withServer { port, _ in
            let socket = try await WebSocketClient.open(port: port, "/socket.io/?EIO=4&transport=websocket")
            _ = try await socket.next()
            try await socket.send("40/other")
            #expect(try await socket.text() == #"44/other,{"message":"Invalid namespace"}"#)
            try await socket.send("42[\"echo\"]")
            #expect(try await socket.next() == .close(1002))
        }
    }

    @Test
    func namespacesAreApart() async throws {
        try await withServer { _ in
        } setUp: { server in
            serveSuite(server.namespace("/"))
            serveSuite(server.namespace("admin"))
        } _: { port, server in
            let socket = try await WebSocketClient.join(port: port)
            try await socket.send("40/admin,")
            #expect(try await socket.text().hasPrefix("40/admin,{\"sid\":"))
            #expect(server.namespace("/admin").socketCount == 1)
            server.namespace("/admin").emit("news", 1)
            #expect(try await socket.text() == "42/admin,[\"news\",1]")
            try await socket.send("42/admin,5[\"ack\",2]")
            #expect(try await socket.text() == "43/admin,5[2]")
            try await socket.send("41/admin,")
            try await socket.send("42/admin,[\"echo\",1]")
            try await socket.send("42[\"echo\",1]")
            #expect(try await socket.text() == "42[\"echoed\",1]")
            #expect(server.namespace("/admin").socketCount == 0)
        }
    }

    @Test
    func roomsExceptionsAndOrder() async throws {
        let sockets = Signal<SocketIOSocket>()
        try await withServer { _ in
        } setUp: { server in
            serveSuite(server.namespace("/"))
            server.namespace("/").onConnection { sockets.send($0) }
        } _: { port, server in
            let first = try await WebSocketClient.join(port: port)
            let firstSocket = try #require(await sockets.next())
            let second = try await WebSocketClient.join(port: port)
            let secondSocket = try #require(await sockets.next())
            try await first.send("421[\"join\",\"red\",\"blue\"]")
            #expect(try await first.text() == "431[]")
            try await second.send("421[\"join\",\"red\"]")
            #expect(try await second.text() == "431[]")
            #expect(firstSocket.rooms == [firstSocket.id, "red", "blue"])

            let namespace = server.namespace("/")
            namespace.to("red").emit("all", 1)
            namespace.to("red").except("blue").emit("notBlue", 2)
            namespace.to(firstSocket.id).emit("one", 3)
            secondSocket.broadcast.emit("others", 4)
            namespace.to("red").leave("red")
            namespace.to("red").emit("nobody")
            namespace.emit("end")
            for text in ["42[\"all\",1]", "42[\"one\",3]", "42[\"others\",4]", "42[\"end\"]"] {
                #expect(try await first.text() == text)
            }
            for text in ["42[\"all\",1]", "42[\"notBlue\",2]", "42[\"end\"]"] {
                #expect(try await second.text() == text)
            }
            #expect(secondSocket.rooms == [secondSocket.id])
            namespace.to("blue").disconnect()
            #expect(try await first.text() == "41")
            namespace.everyone.disconnect(closingConnection: true)
            #expect(try await second.next() == .close(1000))
        }
    }

    @Test
    func clientsAnswer() async throws {
        let sockets = Signal<SocketIOSocket>()
        try await withServer { _ in
        } setUp: {
            $0.namespace("/").onConnection { sockets.send($0) }
        } _: { port, _ in
            let client = try await WebSocketClient.join(port: port)
            let socket = try #require(await sockets.next())
            async let answer = socket.emitWithAck("ask", "how?", timeout: .seconds(30))
            #expect(try await client.text() == "420[\"ask\",\"how?\"]")
            try await client.send("430[\"well\",{\"n\":1}]")
            #expect(try await answer == ["well", ["n": 1]])
            // An answer that nobody waits for is ignored.
            try await client.send("430[\"again\"]")
            await #expect(throws: SocketIOError.timedOut) {
                try await socket.emitWithAck("ask", timeout: .milliseconds(20))
            }
            #expect(try await client.text() == "421[\"ask\"]")
            let result = Signal<Result<[SocketIOValue], SocketIOError>>()
            socket.emitWithAck("ask", timeout: .seconds(30)) { result.send($0) }
            #expect(try await client.text() == "422[\"ask\"]")
            await client.raw.close()
            #expect(await result.next() == .failure(.disconnected))
            await #expect(throws: SocketIOError.disconnected) {
                try await socket.emitWithAck("ask", timeout: .seconds(30))
            }
        }
    }

    @Test
    func tooManyOpenQuestionsAreRefused() async throws {
        let sockets = Signal<SocketIOSocket>()
        try await withServer {
            $0.maximumPendingAcks = 1
        } setUp: { server in
            server.namespace("/").onConnection { sockets.send($0) }
        } _: { port, _ in
            let client = try await WebSocketClient.join(port: port)
            let socket = try #require(await sockets.next())
            socket.emitWithAck("ask", timeout: .seconds(30)) { _ in }
            await #expect(throws: SocketIOError.overloaded) {
                try await socket.emitWithAck("ask", timeout: .seconds(30))
            }
            await client.raw.close()
        }
    }

    @Test
    func anAckIsSentOnce() async throws {
        try await withServer { _ in
        } setUp: { server in
            server.namespace("/").onConnection { socket in
                socket.onAny { _, _, ack in
                    ack(.bool(ack.isRequested))
                    ack("twice")
                    socket.emit("end")
                }
            }
        } _: { port, _ in
            let client = try await WebSocketClient.join(port: port)
            try await client.send("427[\"anything\"]")
            #expect(try await client.text() == "437[true]")
            #expect(try await client.text() == "42[\"end\"]")
            try await client.send("42[\"anything\"]")
            #expect(try await client.text() == "42[\"end\"]")
        }
    }

    @Test
    func theServersGoodbyeEndsOneNamespace() async throws {
        let ended = Signal<SocketIODisconnectReason>()
        try await withServer { _ in
        } setUp: { server in
            server.namespace("/").onConnection { socket in
                socket.onDisconnect { ended.send($0) }
                socket.on("out") { _, _ in
                    socket.emit("bye")
                    socket.disconnect()
                    socket.emit("never")
                }
            }
        } _: { port, _ in
            let client = try await WebSocketClient.join(port: port)
            try await client.send("42[\"out\"]")
            #expect(try await client.text() == "42[\"bye\"]")
            #expect(try await client.text() == "41")
            #expect(await ended.next() == .serverLeft)
            try await client.send("42[\"crossed\"]")
            try await client.send("40")
            #expect(try await client.text().hasPrefix("40{"))
            try await client.send("41")
            #expect(await ended.next() == .clientLeft)
        }
    }

    @Test
    func hooksTurnClientsAway() async throws {
        try await withServer {
            $0.admit = { (handshake) throws(SocketIORefusal) in
                let token = handshake.bearerToken ?? handshake.query("token")
                guard token == "secret" || token == nil else { throw SocketIORefusal("wrong token") }
            }
        } setUp: { server in
            server.namespace("/").admit { (handshake, auth) throws(SocketIORefusal) in
                let isKnown = handshake.query("token") != nil || handshake.bearerToken != nil
                guard isKnown || auth["token"] == "secret" else { throw SocketIORefusal("no token", data: ["code": 7]) }
            }
        } _: { port, _ in
            let client = try await RawClient.connect(port: port)
            let refused = try await client.fetch("GET", PollingTests.open + "&token=other")
            #expect(refused.status == 403 && refused.body == #"{"code":4,"message":"wrong token"}"#)
            let socketTarget = "/socket.io/?EIO=4&transport=websocket"
            let headers = WebSocketClient.upgradeHeaders.merging(["Authorization": "bearer no"]) { $1 }
            #expect(try await client.fetch("GET", socketTarget, headers: headers).status == 403)

            let socket = try await WebSocketClient.open(port: port, socketTarget)
            _ = try await socket.next()
            try await socket.send("40")
            #expect(try await socket.text() == #"44{"message":"no token","data":{"code":7}}"#)
            try await socket.send("40{\"token\":\"secret\"}")
            #expect(try await socket.text().hasPrefix("40{\"sid\""))
            let other = try await WebSocketClient.open(port: port, socketTarget + "&token=secret")
            _ = try await other.next()
            try await other.send("40")
            #expect(try await other.text().hasPrefix("40{\"sid\""))
        }
    }

    @Test
    func otherOriginsNeedPermission() async throws {
        try await withServer {
            $0.origins = SocketIOOrigins(allowed: ["http://friend.org"], allowsCredentials: true)
        } _: { port, _ in
            let client = try await RawClient.connect(port: port)
            let stranger = try await client.fetch("GET", PollingTests.open, headers: ["Origin": "http://evil.org"])
            #expect(stranger.status == 403 && stranger.headers["access-control-allow-origin"] == nil)
            let friend = try await client.fetch("GET", PollingTests.open, headers: ["Origin": "http://friend.org"])
            #expect(friend.status == 200 && friend.headers["access-control-allow-origin"] == "http://friend.org")
            #expect(friend.headers["access-control-allow-credentials"] == "true" && friend.headers["vary"] == "Origin")
            let preflight = try await client.fetch(
                "OPTIONS",
                PollingTests.open,
                headers: [
                    "Origin": "http://friend.org", "Access-Control-Request-Method": "POST",
                    "Access-Control-Request-Headers": "x-token",
                ]
            )
            #expect(preflight.status == 204 && preflight.headers["access-control-allow-headers"] == "x-token")
            let headers = WebSocketClient.upgradeHeaders.merging(["Origin": "http://evil.org"]) { $1 }
            let target = "/socket.io/?EIO=4&transport=websocket"
            #expect(try await client.fetch("GET", target, headers: headers).status == 403)
        }
    }

    @Test
    func aBroadcastReachesClientsOfAllLoopsAndTransports() async throws {
        try await withServer(loops: 3) { port, server in
            var sockets: [WebSocketClient] = []
            for _ in 0..<8 { sockets.append(try await WebSocketClient.join(port: port)) }
            let poller = try await RawClient.connect(port: port)
            let target = try await PollingTests.session(poller)
            _ = try await poller.fetch("POST", target, body: "40")
            _ = try await poller.fetch("GET", target)
            try server.namespace("/").emit("clip", encoding: ["id": "a"])
            server.namespace("/").emit("bytes", .binary(ByteBuffer(bytes: [1, 2])))
            for socket in sockets {
                #expect(try await socket.text() == "42[\"clip\",{\"id\":\"a\"}]")
                #expect(try await socket.text() == "451-[\"bytes\",{\"_placeholder\":true,\"num\":0}]")
                #expect(try await socket.next() == .binary([1, 2]))
            }
            var polled = try await poller.fetch("GET", target).body
            if !polled.hasSuffix("AQI=") { polled += "\u{1E}" + (try await poller.fetch("GET", target).body) }
            let expected =
                "42[\"clip\",{\"id\":\"a\"}]\u{1E}451-[\"bytes\",{\"_placeholder\":true,\"num\":0}]\u{1E}bAQI="
            #expect(polled == expected)
        }
    }
}
