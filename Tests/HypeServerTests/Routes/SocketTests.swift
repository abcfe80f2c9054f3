import Foundation
import HypeCore
import HypeEvents
import HypeServer
import NIOHTTP1
import Testing

/// Socket.IO beside the rest of the API, spoken by hand over polling.
@Suite
struct SocketTests {
    /// A client that polls.
    private struct Poller {
        let client: TestClient
        let sid: String
        var fields: HTTPHeaders = [:]

        private var path: String { "/socket.io/?EIO=4&transport=polling&sid=\(sid)" }

        func post(_ packet: String) async throws {
            let answer = try await client.send(.POST, path, fields, body: Data(packet.utf8))
            guard answer.text == "ok" else { throw TestFailure("\(answer.status) \(answer.text)") }
        }

        /// Polls until a packet begins with something.
        func poll(until prefix: String) async throws -> String {
            while true {
                let answer = try await client.send(.GET, path, fields)
                guard answer.status == 200 else { throw TestFailure("\(answer.status) \(answer.text)") }
                for packet in answer.text.split(separator: "\u{1e}") {
                    if packet == "2" { try await post("3") }
                    if packet.hasPrefix(prefix) { return String(packet) }
                }
            }
        }
    }

    private func open(_ client: TestClient, _ fields: HTTPHeaders = [:]) async throws -> Poller {
        let answer = try await client.send(.GET, "/socket.io/?EIO=4&transport=polling", fields)
        guard answer.status == 200, answer.text.first == "0" else {
            throw TestFailure("\(answer.status) \(answer.text)")
        }
        let document = try JSONSerialization.jsonObject(with: answer.body.dropFirst()) as? [String: Any]
        return Poller(client: client, sid: try #require(document?["sid"] as? String), fields: fields)
    }

    @Test
    func clientsHearOfAllSessionsUntilTheySubscribe() async throws {
        try await TestServer.run { server in
            try await until { await server.events.statistics.subscribers == 1 }
            let poller = try await open(server.client)
            try await poller.post("40")
            _ = try await poller.poll(until: "40")
            _ = await server.events.publish(.moment, session: "a", ["n": 1])
            #expect(try await poller.poll(until: "42").contains(#"["moment",{"n":1}"#))
            try await poller.post(#"420["subscribe",{"sessionId":"b"}]"#)
            let acknowledgement = try await poller.poll(until: "430")
            #expect(acknowledgement.contains(#""sessionId":"b""#))
            _ = await server.events.publish(.moment, session: "a", ["n": 2])
            _ = await server.events.publish(.moment, session: "b", ["n": 3])
            #expect(try await poller.poll(until: "42").contains(#"["moment",{"n":3}"#))
            _ = await server.events.publish(.deletion, session: nil, ["n": 4])
            #expect(try await poller.poll(until: "42").contains(#"["deletion",{"n":4}"#))
        }
    }

    @Test
    func aClipCanBeAskedFor() async throws {
        try await TestServer.run { server in
            let started = try await server.client.json(.POST, "/api/sessions", #"{"rtmp":"main"}"#).document()
            let session = try #require(started["id"] as? String)
            let poller = try await open(server.client)
            try await poller.post("40")
            _ = try await poller.poll(until: "40")
            try await poller.post(#"421["trigger",{"sessionId":"\#(session)","before":5}]"#)
            let clip = try await poller.poll(until: "431")
            #expect(clip.contains(#""clipId":"clip-of-\#(session)""#))
            try await poller.post(#"422["trigger",{"sessionId":"nobody"}]"#)
            let refusal = try await poller.poll(until: "432")
            #expect(refusal.contains(#""ok":false"#) && refusal.contains("no such session"))
            try await poller.post(#"423["trigger"]"#)
            let nothing = try await poller.poll(until: "433")
            #expect(nothing.contains("sessionId"))
        }
    }

    @Test
    func otherPagesAndOtherNamesMayNotConnect() async throws {
        try await TestServer.run { server in
            for fields in [["Origin": "http://evil.example"], ["Host": "evil.example"]] as [HTTPHeaders] {
                let answer = try await server.client.send(.GET, "/socket.io/?EIO=4&transport=polling", fields)
                #expect(answer.status == 403 || answer.status == 400, "\(answer.status)")
            }
            let own: HTTPHeaders = ["Origin": "http://127.0.0.1:\(server.client.port)"]
            _ = try await open(server.client, own)
        }
    }

    @Test
    func theTokenIsAskedFor() async throws {
        var settings = ServerSettings()
        settings.token = "correct-horse-battery-staple"
        try await TestServer.run(settings) { server in
            let stranger = try await open(server.client)
            try await stranger.post("40")
            #expect(try await stranger.poll(until: "44").contains("unauthorized"))
            let friend = try await open(server.client)
            try await friend.post(#"40{"token":"correct-horse-battery-staple"}"#)
            #expect(try await friend.poll(until: "40").hasPrefix("40{"))
        }
    }
}
