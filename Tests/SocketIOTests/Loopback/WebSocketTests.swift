import NIOCore
import NIOWebSocket
import SocketIO
import Testing

@Suite(.timeLimit(.minutes(1)))
struct WebSocketTests {
    private func withSocket(
        _ change: (inout SocketIOConfiguration) -> Void = { _ in },
        _ body: (WebSocketClient, SocketIOServer) async throws -> Void
    ) async throws {
        try await withServer(loops: 1, change) { port, server in
            try await body(WebSocketClient.join(port: port), server)
        }
    }

    @Test
    func theHandshakeOffersNoUpgrade() async throws {
        try await withServer { port, _ in
            let socket = try await WebSocketClient.open(port: port, "/socket.io/?EIO=4&transport=websocket")
            let text = try await socket.text()
            #expect(text.hasPrefix("0"))
            #expect(try SocketIOValue(json: String(text.dropFirst()))["upgrades"] == [])
        }
    }

    @Test(arguments: [10, 125, 126, 65_535, 65_536, 999_000])
    func messagesOfAllSizes(size: Int) async throws {
        try await withSocket { socket, _ in
            let text = String(repeating: "x", count: size)
            try await socket.send("42[\"echo\",\"\(text)\"]")
            #expect(try await socket.text() == "42[\"echoed\",\"\(text)\"]")
        }
    }

    @Test
    func fragmentsAreJoined() async throws {
        try await withSocket { socket, _ in
            let bytes = Array("42[\"echo\",\"é\"]".utf8)
            try await socket.send(.text, Array(bytes[..<11]), fin: false)
            try await socket.send(.ping, [5])
            try await socket.send(.continuation, Array(bytes[11..<12]), fin: false)
            try await socket.send(.continuation, Array(bytes[12...]))
            #expect(try await socket.next() == .pong([5]))
            #expect(try await socket.text() == "42[\"echoed\",\"é\"]")
        }
    }

    @Test
    func attachmentsFollowTheirPacket() async throws {
        try await withSocket { socket, _ in
            try await socket.send(#"452-3["ack",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]"#)
            try await socket.send(.binary, [1])
            try await socket.send(.binary, [2, 3])
            #expect(try await socket.text() == #"462-3[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#)
            #expect(try await socket.next() == .binary([2, 3]))
            #expect(try await socket.next() == .binary([1]))
        }
    }

    @Test
    func badUTF8ClosesWith1007() async throws {
        try await withSocket { socket, _ in
            try await socket.send(.text, [0x34, 0x32, 0xFF])
            #expect(try await socket.next() == .close(1007))
            #expect(try await socket.next() == .closed)
        }
    }

    @Test
    func unmaskedFramesCloseWith1002() async throws {
        try await withSocket { socket, _ in
            try await socket.send(.text, Array("2".utf8), isMasked: false)
            #expect(try await socket.next() == .close(1002))
        }
    }

    @Test(arguments: [true, false])
    func whatIsTooLargeClosesWith1009(isWhole: Bool) async throws {
        try await withSocket {
            $0.maximumPayload = 1000
        } _: { socket, _ in
            if isWhole {
                try await socket.send(.binary, Array(repeating: 0, count: 1001))
            } else {
                try await socket.send(.binary, Array(repeating: 0, count: 600), fin: false)
                try await socket.send(.continuation, Array(repeating: 0, count: 600))
            }
            #expect(try await socket.next() == .close(1009))
        }
    }

    @Test
    func aLargeControlFrameClosesWith1002() async throws {
        try await withSocket { socket, _ in
            try await socket.send(.ping, Array(repeating: 0, count: 126))
            #expect(try await socket.next() == .close(1002))
        }
    }

    @Test
    func theCloseIsAnsweredAndTheConnectionEnds() async throws {
        try await withSocket { socket, _ in
            try await socket.send(.connectionClose, [0x03, 0xE8])
            #expect(try await socket.next() == .close(1000))
            #expect(try await socket.next() == .closed)
        }
    }

    @Test(arguments: ["4abc", "abc", "42{}", "42abc[\"a\"]", "2", "0", "42[\"connect\"]", "451-[\"a\"]\u{1E}"])
    func whatCannotBeReadClosesTheConnection(packet: String) async throws {
        try await withSocket { socket, _ in
            try await socket.send(packet)
            // The server may be gone before this comes: what is behind the first packet is one mistake already.
            if packet.hasPrefix("451") { try? await socket.send("42[\"text instead of an attachment\"]") }
            #expect(try await socket.next() == .close(1002))
        }
    }

    // No namespace is joined in the next two: its answer and the first ping come in either order.

    @Test
    func theHeartbeatGoesOnAsLongAsItIsAnswered() async throws {
        try await withServer(loops: 1) {
            $0.pingInterval = .milliseconds(30)
            // Far longer than a loaded machine can make the answer late.
            $0.pingTimeout = .seconds(60)
        } _: { port, _ in
            let socket = try await WebSocketClient.open(port: port, "/socket.io/?EIO=4&transport=websocket")
            _ = try await socket.next()
            for _ in 0..<3 {
                #expect(try await socket.next() == .text("2"))
                try await socket.send("3")
            }
        }
    }

    @Test
    func aClientThatDoesNotAnswerTheHeartbeatIsClosed() async throws {
        try await withServer(loops: 1) {
            $0.pingInterval = .milliseconds(30)
            $0.pingTimeout = .milliseconds(300)
        } _: { port, _ in
            let socket = try await WebSocketClient.open(port: port, "/socket.io/?EIO=4&transport=websocket")
            _ = try await socket.next()
            let messages = [try await socket.next(), try await socket.next()]
            #expect(messages == [.text("2"), .close(1000)])
        }
    }

    @Test
    func shutdownClosesWith1001() async throws {
        let ended = Signal<SocketIODisconnectReason>()
        try await withServer { _ in
        } setUp: { server in
            server.namespace("/").onConnection { $0.onDisconnect { ended.send($0) } }
        } _: { port, server in
            let socket = try await WebSocketClient.join(port: port)
            let poller = try await RawClient.connect(port: port)
            let target = try await PollingTests.session(poller)
            try await poller.request("GET", target)
            async let done: Void = server.shutdown()
            #expect(try await socket.next() == .close(1001))
            try await socket.send(.connectionClose, [0x03, 0xE9])
            #expect(try await socket.next() == .closed)
            await done
            #expect(await ended.next() == .serverShuttingDown)
            let last = try await poller.response()
            // The poll was waiting, or came right after the end.
            #expect(last.body == "1" || last.status == 400)
            let late = try await RawClient.connect(port: port)
            #expect(try await late.fetch("GET", PollingTests.open).status == 403)
            #expect(server.statistics.clients == 0)
        }
    }

    @Test
    func quiescingTheListenerEndsEveryKindOfConnection() async throws {
        let server = SocketIOServer()
        serveSuite(server.namespace("/"))
        let listener = try await SocketIOHTTPServer.start(server)
        let idle = try await RawClient.connect(port: listener.port)
        _ = try await idle.fetch("GET", "/other")
        let socket = try await WebSocketClient.join(port: listener.port)
        async let done: Void = listener.shutdown()
        #expect(try await socket.next() == .close(1001))
        await socket.raw.close()
        #expect(await idle.untilClosed() == "")
        await done
    }

    @Test
    func slowClientsAreDroppedAndVolatileEventsSkipped() async throws {
        let ended = Signal<SocketIODisconnectReason>()
        let joined = Signal<Void>()
        try await withServer {
            $0.maximumUnsentBytes = 1 << 20
        } setUp: { server in
            server.namespace("/").onConnection { socket in
                socket.onDisconnect { ended.send($0) }
                joined.send(())
            }
        } _: { port, server in
            let target = "/socket.io/?EIO=4&transport=websocket"
            let socket = try await WebSocketClient.open(port: port, target, readsNothing: true)
            try await socket.send("40")
            await joined.next()
            let namespace = server.namespace("/")
            let filler = SocketIOValue.string(String(repeating: "x", count: 100_000))
            // First the kernel's buffers fill, then the server's; volatile events are skipped from then on.
            var emitted = 0
            while server.statistics.skippedVolatile == 0, emitted < 2000 {
                namespace.volatile.emit("large", filler)
                emitted += 1
                await Task.yield()
            }
            #expect(server.statistics.skippedVolatile > 0)
            #expect(server.statistics.slowClients == 0)
            while server.statistics.slowClients == 0, emitted < 4000 {
                namespace.emit("large", filler)
                emitted += 1
                await Task.yield()
            }
            #expect(await ended.next() == .slowClient)
            #expect(server.statistics.droppedBytes > 1 << 20)
            #expect(server.statistics.droppedBytes < 2 << 20)
            await socket.raw.close()
        }
    }
}
