import SocketIO
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RecoveryTests {
    private func value(_ text: String) throws -> SocketIOValue {
        try SocketIOValue(json: String(text.drop { $0 != "{" && $0 != "[" }))
    }

    private func connect(_ port: Int, _ packet: String) async throws -> (WebSocketClient, SocketIOValue) {
        let client = try await WebSocketClient.open(port: port, "/socket.io/?EIO=4&transport=websocket")
        _ = try await client.next()
        try await client.send(packet)
        return (client, try value(await client.text()))
    }

    @Test
    func whoComesBackMissedNothing() async throws {
        let sockets = Signal<SocketIOSocket>()
        let ended = Signal<SocketIODisconnectReason>()
        try await withServer {
            $0.recovery = SocketIORecovery()
        } setUp: { server in
            server.namespace("/").onConnection { socket in
                if !socket.isRecovered {
                    socket.join("red")
                    socket.data["name"] = "Ada"
                }
                socket.onDisconnect { ended.send($0) }
                sockets.send(socket)
            }
        } _: { port, server in
            let namespace = server.namespace("/")
            let (client, answer) = try await connect(port, "40")
            let id = try #require(answer["sid"]?.string)
            let secret = try #require(answer["pid"]?.string)
            let socket = try #require(await sockets.next())
            socket.emit("first", 1)
            let first = try value(await client.text())
            let offset = try #require(first.array?.last?.string)
            #expect(first == ["first", 1, .string(offset)])
            await client.raw.close()
            #expect(await ended.next() == .transportClose)

            namespace.to("red").emit("missed", 2)
            namespace.to("blue").emit("others", 3)
            namespace.volatile.emit("volatile", 4)
            socket.emit("direct", 5)
            let (back, again) = try await connect(port, "40{\"pid\":\"\(secret)\",\"offset\":\"\(offset)\"}")
            #expect(again["sid"]?.string == id)
            #expect(try value(await back.text()).array?.prefix(2) == ["missed", 2])
            #expect(try value(await back.text()).array?.prefix(2) == ["direct", 5])
            let recovered = try #require(await sockets.next())
            #expect(recovered.isRecovered && recovered.id == id && recovered.data["name"] == "Ada")
            #expect(recovered.rooms == [id, "red"])
            namespace.to("red").emit("live", 6)
            #expect(try value(await back.text()).array?.prefix(2) == ["live", 6])

            let (_, stranger) = try await connect(port, "40{\"pid\":\"\(secret)\",\"offset\":\"\(offset)\"}")
            #expect(stranger["sid"]?.string != id)
        }
    }

    @Test
    func whoLeftDoesNotComeBack() async throws {
        try await withServer {
            $0.recovery = SocketIORecovery()
        } _: { port, server in
            let (client, answer) = try await connect(port, "40")
            server.namespace("/").emit("first")
            let offset = try #require(try value(await client.text()).array?.last?.string)
            try await client.send("41")
            let (_, again) = try await connect(
                port,
                "40{\"pid\":\"\(answer["pid"]?.string ?? "")\",\"offset\":\"\(offset)\"}"
            )
            #expect(again["sid"] != answer["sid"])
        }
    }

    @Test
    func withoutRecoveryTheAnswerHasTheIdAlone() async throws {
        try await withServer { port, _ in
            let (_, answer) = try await connect(port, "40")
            #expect(answer.object?.members.map(\.name) == ["sid"])
        }
    }
}
