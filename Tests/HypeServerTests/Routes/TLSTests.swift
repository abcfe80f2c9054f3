import Foundation
import HypeCore
import HypeEvents
import HypeServer
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// The server with a certificate, asked by clients that check it.
@Suite(.timeLimit(.minutes(1)))
struct TLSTests {
    @Test
    func aClientThatTrustsTheCertificateIsAnswered() async throws {
        let identity = try await TestIdentity(name: "localhost")
        try await TestServer.run(identity: identity) { server in
            let health = try await server.client.send(.GET, "/health")
            #expect(health.status == 200)
            let clips = try await server.client.send(.GET, "/api/clips")
            #expect(try clips.document()["items"] as? [String] == [])
        }
    }

    @Test
    func strangersAndPlainHTTPGetNothing() async throws {
        let identity = try await TestIdentity(name: "localhost")
        let other = try await TestIdentity(name: "localhost")
        try await TestServer.run(identity: identity) { server in
            let doubting = TestClient(port: server.client.port, tls: try other.clientContext())
            let plain = TestClient(port: server.client.port)
            for client in [doubting, plain] {
                // A refused handshake shows as itself or as the closed connection, whichever is noticed first.
                await #expect(throws: (any Error).self) { _ = try await client.send(.GET, "/health") }
            }
            // Nobody else suffers from them.
            #expect(try await server.client.send(.GET, "/health").status == 200)
        }
    }

    @Test
    func anotherNameThanThatOfTheCertificateIsNotBelieved() async throws {
        let identity = try await TestIdentity(name: "other.example")
        try await TestServer.run(identity: identity) { server in
            await #expect(throws: (any Error).self) { _ = try await server.client.send(.GET, "/health") }
            var client = server.client
            client.name = "other.example"
            let answer = try await client.send(.GET, "/health")
            #expect(answer.status == 200)
        }
    }

    @Test
    func theLogInIsKeptToTLS() async throws {
        let identity = try await TestIdentity(name: "localhost")
        var settings = ServerSettings()
        settings.token = "correct-horse-battery-staple"
        try await TestServer.run(settings, identity: identity) { server in
            let answer = try await server.client.json(.POST, "/api/login", #"{"token":"correct-horse-battery-staple"}"#)
            #expect(answer.headers.first(name: "Set-Cookie")?.contains("Secure") == true)
        }
    }

    @Test
    func socketsHearEventsOverTLS() async throws {
        let identity = try await TestIdentity(name: "localhost")
        try await TestServer.run(identity: identity) { server in
            try await until { await server.events.statistics.subscribers == 1 }
            let channel = try await server.client.connect()
            try await channel.executeThenClose { inbound, outbound in
                var socket = SpokenSocket(inbound.makeAsyncIterator(), outbound)
                try await socket.open(port: server.client.port)
                #expect(try await socket.text().hasPrefix("0{"))
                try await socket.say("40")
                #expect(try await socket.text().hasPrefix("40{"))
                _ = await server.events.publish(.moment, session: "a", ["n": 1])
                #expect(try await socket.text().contains(#"["moment",{"n":1}"#))
            }
        }
    }
}
