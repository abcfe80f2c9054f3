import Foundation
import HypeCore
import HypeEvents
import HypeServer
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TestSupport
import Testing

@Suite
struct EventStreamTests {
    private typealias Parts = NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator

    /// Reads until the text that came contains something.
    private func read(_ parts: inout Parts, until isEnough: (String) -> Bool) async throws -> String {
        var text = ""
        while !isEnough(text), let part = try await parts.next(isolation: #isolation) {
            if case .body(let bytes) = part { text += String(buffer: bytes) }
            if case .end = part { break }
        }
        return text
    }

    @Test
    func aFrameCarriesNumberKindAndEachLine() {
        let payload = Data("{\"a\":\n1}".utf8)
        let kept = EventRecord(id: 7, time: .distantPast, kind: .newClip, sessionId: nil, payload: payload)
        #expect(String(buffer: EventStream.frame(kept)) == "id: 7\nevent: new_clip\ndata: {\"a\":\ndata: 1}\n\n")
        let gauge = EventRecord(id: 0, time: .distantPast, kind: .signal, sessionId: nil, payload: Data("{}".utf8))
        #expect(String(buffer: EventStream.frame(gauge)) == "event: signal\ndata: {}\n\n")
    }

    @Test
    func eventsArriveInOrderAndAClientThatComesBackMissesNothing() async throws {
        try await TestServer.run { server in
            for number in 1...3 { _ = await server.events.publish(.moment, session: "s", ["n": number]) }
            let first = try await server.client.stream(.GET, "/api/events?after=0") { head, parts in
                #expect(head.headers.first(name: "Content-Type") == "text/event-stream")
                return try await read(&parts) { $0.contains("id: 2\n") }
            }
            #expect(first.contains("id: 1\nevent: moment\ndata: {\"n\":1}\n\n"))
            try await server.client.stream(.GET, "/api/events?after=0", ["Last-Event-ID": "2"]) { _, parts in
                let missed = try await read(&parts) { $0.contains("id: 3\n") }
                #expect(!missed.contains("id: 2\n"))
                _ = await server.events.publish(.moment, session: "s", ["n": 4])
                #expect(try await read(&parts) { $0.contains("id: 4\n") }.contains("{\"n\":4}"))
            }
        }
    }

    @Test
    func aSessionHearsItsOwnEventsOnly() async throws {
        try await TestServer.run { server in
            try await server.client.stream(.GET, "/api/events?session=mine") { _, parts in
                _ = try await read(&parts) { $0.contains(": open") }
                _ = await server.events.publish(.moment, session: "other", ["n": 1])
                _ = await server.events.publish(.moment, session: "mine", ["n": 2])
                let heard = try await read(&parts) { $0.contains("{\"n\":2}") }
                #expect(!heard.contains("{\"n\":1}"))
            }
        }
    }

    @Test
    func aQuietStreamIsKeptAlive() async throws {
        let clock = ManualClock()
        try await TestServer.run(clock: clock) { server in
            try await server.client.stream(.GET, "/api/events") { _, parts in
                _ = try await read(&parts) { $0.contains(": open") }
                for _ in 0..<2 {
                    // The stream, and what forgets old predictions.
                    await clock.someoneSleeps(2)
                    clock.advance(by: .seconds(15))
                    #expect(try await read(&parts) { $0.hasSuffix("\n\n") } == ": still here\n\n")
                }
            }
        }
    }

    @Test
    func aClientThatLeavesIsForgotten() async throws {
        try await TestServer.run { server in
            // Socket.IO follows the log too, for as long as the server runs.
            try await until { await server.events.statistics.subscribers == 1 }
            try await server.client.stream(.GET, "/api/events") { _, parts in
                _ = try await read(&parts) { $0.contains(": open") }
                #expect(server.server.measures.openStreams == 1)
            }
            try await until { server.server.measures.openStreams == 0 }
            try await until { await server.events.statistics.subscribers == 1 }
        }
    }

    @Test
    func manyClientsHearTheSame() async throws {
        try await TestServer.run { server in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await server.client.stream(.GET, "/api/events") { _, parts in
                            try await read(&parts) { $0.contains("{\"n\":1}") }
                        }
                    }
                }
                // And Socket.IO, which follows the log too.
                try await until { await server.events.statistics.subscribers == 101 }
                _ = await server.events.publish(.moment, session: nil, ["n": 1])
                for try await text in group { #expect(text.contains("id: 1\n")) }
            }
        }
    }

    @Test
    func theEndOfTheServerEndsTheStreamInOrder() async throws {
        try await TestServer.run { server in
            try await server.client.stream(.GET, "/api/events") { _, parts in
                _ = try await read(&parts) { $0.contains(": open") }
                await server.group.triggerGracefulShutdown()
                var isWhole = false
                while let part = try await parts.next(isolation: #isolation) { if case .end = part { isWhole = true } }
                #expect(isWhole)
            }
        }
    }

    @Test(arguments: ["?after=-1", "?after=x", "?session="])
    func wrongParametersAreRefused(query: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.client.send(.GET, "/api/events\(query)")
            #expect(answer.status == 400)
        }
    }
}
