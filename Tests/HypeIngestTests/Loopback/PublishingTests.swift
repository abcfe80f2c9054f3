import HypeCore
import HypeIngest
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(2)))
struct PublishingTests {
    private static let start = "NetStream.Publish.Start"
    private static let badName = "NetStream.Publish.BadName"

    @Test func tellsWhoComesAndGoes() async throws {
        try await TestServer.with { test in
            let facts = AMF0Value.ecmaArray([.init("width", .number(1280)), .init("height", .number(720))])
            try await TestPublisher.with(port: test.port) { publisher in
                #expect(try await publisher.publish("KEY", metadata: facts).code == Self.start)
                let end = CommandMessage("FCUnpublish", transaction: 9, .null, .string("KEY"))
                try await publisher.send(end.message())
                let who = try await test.event { if case .connected(let who) = $0 { who } else { nil } }
                #expect(who.address == "127.0.0.1")
                #expect(who.earlier == 0)
                let told = try await test.event { if case .described(let facts) = $0 { facts } else { nil } }
                #expect(told.width == 1280)
                let reason = try await test.event { if case .gone(let reason) = $0 { reason } else { nil } }
                #expect(reason == .finished)
            }
        }
    }

    @Test(arguments: [("WRONG", "The stream key is wrong"), ("", "There is no stream key"), ("KEYKEY", "is wrong")])
    func refusesKeys(key: String, reason: String) async throws {
        try await TestServer.with { test in
            try await TestPublisher.with(port: test.port) { publisher in
                let answer = try await publisher.publish(key)
                #expect(answer.code == Self.badName)
                #expect(answer.text.contains(reason))
                try await publisher.drain()
            }
        }
    }

    @Test func makesGuessersWait() async throws {
        try await TestServer.with {
            $0.limitsLoopback = true
            $0.wrongKeys.attempts = 2
        } _: { test in
            for _ in 0..<2 {
                try await TestPublisher.with(port: test.port) { _ = try await $0.publish("WRONG") }
            }
            try await TestPublisher.with(port: test.port) { publisher in
                let answer = try await publisher.publish("KEY")
                #expect(answer.code == Self.badName)
                #expect(answer.text.contains("Too many wrong stream keys"))
            }
        }
    }

    @Test func takesOnePublisherPerKeyAndTheNextAfterIt() async throws {
        try await TestServer.with {
            $0.takeover = .seconds(60)
        } _: { test in
            try await TestPublisher.with(port: test.port) { first in
                #expect(try await first.publish("KEY").code == Self.start)
                try await TestPublisher.with(port: test.port) { second in
                    let answer = try await second.publish("KEY")
                    #expect(answer.code == Self.badName)
                    #expect(answer.text.contains("Another encoder"))
                }
            }
            _ = try await test.event { if case .gone(.lost) = $0 { true } else { nil } }
            let third = try await TestPublisher.with(port: test.port) { try await $0.publish("KEY").code }
            #expect(third == Self.start)
        }
    }

    @Test func letsAnotherTakeOverFromASilentOne() async throws {
        try await TestServer.with {
            $0.takeover = .zero
        } _: { test in
            try await TestPublisher.with(port: test.port) { first in
                #expect(try await first.publish("KEY").code == Self.start)
                try await TestPublisher.with(port: test.port) { second in
                    #expect(try await second.publish("KEY").code == Self.start)
                    // The first is told and closed.
                    let told = try await first.command("onStatus").argument(0)?[name: "code"]
                    #expect(told == .string("NetStream.Unpublish.Success"))
                    try await first.drain()
                    let reason = try await test.event { if case .gone(let reason) = $0 { reason } else { nil } }
                    #expect(reason == .replaced)
                    try await second.configurations()
                    for step in 0..<50 { try await second.picture(UInt32(step * 33), isKey: step == 0) }
                    _ = try await test.event { if case .tracks(video: .h264, audio: .aac) = $0 { true } else { nil } }
                }
            }
        }
    }

    @Test func asksASilentPublisherAndEndsIt() async throws {
        try await TestServer.with {
            $0.silence = .seconds(3)
        } _: { test in
            try await TestPublisher.with(port: test.port) { publisher in
                #expect(try await publisher.publish("KEY").code == Self.start)
                let reason = try await test.event { if case .gone(let reason) = $0 { reason } else { nil } }
                #expect(reason == .silent)
                try await publisher.drain()
            }
        }
    }

    @Test func closesConnectionsThatPresentNoKey() async throws {
        try await TestServer.with {
            $0.patience = .seconds(1)
        } _: { test in
            try await TestPublisher.open(port: test.port) { try await $0.drain() }
            try await TestPublisher.with(port: test.port) { try await $0.drain() }
        }
    }

    @Test func refusesMoreConnectionsThanAllowed() async throws {
        try await TestServer.with {
            $0.connections = 1
        } _: { test in
            try await TestPublisher.with(port: test.port) { first in
                #expect(try await first.publish("KEY").code == Self.start)
                try await TestPublisher.open(port: test.port) { try await $0.drain() }
            }
        }
    }

    @Test(arguments: [
        bytes("16 0301"), ByteBuffer(string: "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    ])
    func closesOnOtherProtocols(greeting: ByteBuffer) async throws {
        try await TestServer.with { test in
            try await TestPublisher.open(port: test.port) { stranger in
                try await stranger.send(greeting)
                try await stranger.drain()
            }
        }
    }

    @Test func endsAPublisherThatBreaksTheProtocol() async throws {
        try await TestServer.with { test in
            try await TestPublisher.with(port: test.port) { publisher in
                #expect(try await publisher.publish("KEY").code == Self.start)
                try await publisher.send(bytes("09 ffffff ffffff 09 01000000 00000000"))
                let reason = try await test.event { if case .gone(let reason) = $0 { reason } else { nil } }
                #expect(reason == .malformed(.messageSize(0xff_ffff, limit: 8 << 20)))
                try await publisher.drain()
            }
        }
    }

    @Test func survivesNoiseWhileAnotherPublishes() async throws {
        try await TestServer.with { test in
            try await TestPublisher.with(port: test.port) { publisher in
                #expect(try await publisher.publish("KEY").code == Self.start)
                var mutation = Mutation(seed: 7)
                for _ in 0..<20 {
                    try await TestPublisher.with(port: test.port) { stranger in
                        try? await stranger.send(mutation.noise(5000))
                    }
                }
                try await publisher.configurations()
                for step in 0..<50 { try await publisher.picture(UInt32(step * 33), isKey: step == 0) }
                _ = try await test.event { if case .tracks(video: .h264, audio: .aac) = $0 { true } else { nil } }
            }
        }
    }

    @Test func tellsMediaTimeAgainstArrival() async throws {
        try await TestServer.with { test in
            try await TestPublisher.with(port: test.port) { publisher in
                #expect(try await publisher.publish("KEY").code == Self.start)
                try await publisher.configurations()
                let before = ContinuousClock.now
                try await publisher.picture(40, isKey: true)
                let sample = try await test.event { if case .clock(let sample) = $0 { sample } else { nil } }
                #expect(sample.media == MediaTime(nanoseconds: 40_000_000))
                #expect(sample.arrival >= before)
                #expect(sample.arrival <= .now)
            }
        }
    }

    @Test func saysThatAPublisherStalls() async throws {
        try await TestServer.with { test in
            try await TestPublisher.with(port: test.port) { publisher in
                _ = try await publisher.publish("KEY")
                try await publisher.configurations()
                try await publisher.picture(0, isKey: true)
                _ = try await test.event { if case .stalled = $0 { true } else { nil } }
                try await publisher.picture(33, isKey: false)
                _ = try await test.event { if case .resumed = $0 { true } else { nil } }
            }
        }
    }

    @Test func stopsListeningWhenItIsCancelled() async throws {
        let (port, socket) = try await TestServer.with { ($0.port, $0.socket) }
        await #expect(throws: (any Error).self) { try await TestPublisher.with(port: port) { _ in } }
        await #expect(throws: (any Error).self) { try await TestReader.with(socket) { _ in } }
    }

    @Test func saysThatAPortIsTaken() async throws {
        try await TestServer.with { test in
            let failure = await #expect(throws: IngestFailure.self) {
                try await TestServer.with {
                    $0.port = test.port
                } _: { _ in
                }
            }
            #expect(failure?.code == .listen)
        }
    }

    @Test func refusesPathsThatAreTooLong() async throws {
        try await TestServer.with { _ in }
        let failure = await #expect(throws: IngestFailure.self) {
            try await TestServer.with {
                $0.socketFolder += String(repeating: "x", count: 90)
            } _: { _ in
            }
        }
        #expect(failure?.code == .pathTooLong)
    }
}
