import Foundation
import HypeIngest
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ReadingTests {
    /// Publishes pictures each 100 ms of stream time, a key frame every second.
    private func publish(_ times: StrideTo<UInt32>, by publisher: TestPublisher, size: Int = 200) async throws {
        for time in times { try await publisher.picture(time, isKey: time % 1000 == 0, size: size) }
    }

    @Test func socketIsForThisUserAlone() async throws {
        try await TestServer.with { test in
            let folder = URL(fileURLWithPath: test.socket).deletingLastPathComponent().path
            for (path, mode) in [(test.socket, 0o600), (folder, 0o700)] {
                let found = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
                #expect(found?.intValue == mode)
            }
            #expect(try await test.server.relay(for: "one") == test.socket)
        }
    }

    @Test func readerMayComeBeforeThePublisher() async throws {
        try await TestServer.with { test in
            try await TestReader.with(test.socket) { reader in
                _ = try await test.event { if case .readerAttached = $0 { true } else { nil } }
                try await TestPublisher.with(port: test.port) { publisher in
                    _ = try await publisher.publish("KEY")
                    try await publisher.configurations()
                    try await publish(stride(from: 0, to: 2000, by: 100), by: publisher)
                    let frames = try await reader.frames(20)
                    #expect(frames.map(\.time) == (0..<20).map { UInt32($0 * 100) })
                }
            }
        }
    }

    @Test func readerThatIsKilledLosesNothing() async throws {
        try await TestServer.with { test in
            try await TestPublisher.with(port: test.port) { publisher in
                _ = try await publisher.publish("KEY")
                try await publisher.configurations()
                try await publish(stride(from: 0, to: 3000, by: 100), by: publisher)
                let first = try await TestReader.with(test.socket) { try await $0.frames(25) }
                #expect(first.last?.time == 2400)
                _ = try await test.event { if case .readerDetached(.left) = $0 { true } else { nil } }
                // What comes while nobody reads is kept, and all before it.
                try await publish(stride(from: 3000, to: 9000, by: 100), by: publisher)
                try await TestReader.with(test.socket) { reader in
                    let head = [try await reader.next(), try await reader.next()]
                    #expect(head.map { $0?.isConfiguration } == [true, true])
                    #expect(try await reader.frames(90).map(\.time) == (0..<90).map { UInt32($0 * 100) })
                }
            }
        }
    }

    @Test func refusesASecondReader() async throws {
        try await TestServer.with { test in
            try await TestReader.with(test.socket) { first in
                _ = try await test.event { if case .readerAttached = $0 { true } else { nil } }
                let second = try await TestReader.with(test.socket) { try await $0.next() }
                #expect(second == nil)
                try await TestPublisher.with(port: test.port) { publisher in
                    _ = try await publisher.publish("KEY")
                    try await publisher.configurations()
                    try await publish(stride(from: 0, to: 1000, by: 100), by: publisher)
                    #expect(try await first.frames(10).count == 10)
                }
            }
        }
    }

    @Test func dropsAReaderThatDoesNotReadAndNeverBlocksThePublisher() async throws {
        try await TestServer.with {
            $0.relay = RelayLimits(bytes: 1 << 20, backlog: 1 << 20)
        } _: { test in
            try await TestReader.with(test.socket) { _ in
                _ = try await test.event { if case .readerAttached = $0 { true } else { nil } }
                try await TestPublisher.with(port: test.port) { publisher in
                    _ = try await publisher.publish("KEY")
                    try await publisher.configurations()
                    try await publish(stride(from: 0, to: 30_000, by: 100), by: publisher, size: 50_000)
                    let departure = try await test.event {
                        if case .readerDetached(let departure) = $0 { departure } else { nil }
                    }
                    #expect(departure == .lagging)
                    // It comes back and begins with what is kept, at a key frame; the last pictures may still be under way.
                    let again = try await TestReader.with(test.socket) { try await $0.frame() }
                    let time = try #require(again?.time)
                    #expect(time > 20_000 && time <= 28_000 && time % 1_000 == 0, "\(time)")
                }
            }
        }
    }

    @Test func saysWhatNobodyRead() async throws {
        try await TestServer.with {
            $0.relay = RelayLimits(bytes: 1 << 20)
        } _: { test in
            try await TestPublisher.with(port: test.port) { publisher in
                _ = try await publisher.publish("KEY")
                try await publisher.configurations()
                try await publish(stride(from: 0, to: 5000, by: 100), by: publisher, size: 50_000)
                let dropped = try await test.event { if case .dropped(let packets) = $0 { packets } else { nil } }
                #expect(dropped % 10 == 0)
            }
        }
    }

    @Test func timeGoesOnWhenThePublisherComesBack() async throws {
        try await TestServer.with { test in
            try await TestReader.with(test.socket) { reader in
                let start = ContinuousClock.now
                for _ in 0..<2 {
                    try await TestPublisher.with(port: test.port) { publisher in
                        _ = try await publisher.publish("KEY")
                        try await publisher.configurations()
                        try await publish(stride(from: 0, to: 1000, by: 100), by: publisher)
                        _ = try await test.event { if case .clock = $0 { true } else { nil } }
                    }
                    _ = try await test.event { if case .gone = $0 { true } else { nil } }
                }
                let times = try await reader.frames(20).map(\.time)
                let elapsed = (ContinuousClock.now - start).components.seconds * 1000 + 1000
                #expect(times == times.sorted())
                #expect(times[10] > times[9])
                #expect(Int64(times[10]) <= max(901, elapsed))
                // The same configuration: the reader was not asked to come again.
                #expect(zip(times[10...], times[11...]).allSatisfy { $1 - $0 == 100 })
            }
        }
    }

    @Test func asksTheReaderBackWhenTheConfigurationChanges() async throws {
        try await TestServer.with { test in
            try await TestPublisher.with(port: test.port) { publisher in
                _ = try await publisher.publish("KEY")
                try await publisher.configurations()
                try await publish(stride(from: 0, to: 1000, by: 100), by: publisher)
                try await TestReader.with(test.socket) { reader in
                    #expect(try await reader.frames(10).count == 10)
                    try await publisher.configurations(video: "0164001fffe10004674d401f01000468ee3c80")
                    try await publish(stride(from: 1000, to: 2000, by: 100), by: publisher)
                    #expect(try await reader.next() == nil)
                }
                let departure = try await test.event {
                    if case .readerDetached(let departure) = $0 { departure } else { nil }
                }
                #expect(departure == .epochEnded)
                try await TestReader.with(test.socket) { reader in
                    let head = try await reader.next()
                    let frames = try await reader.frames(10)
                    #expect(head?.body.hex.hasPrefix("17000000000164001f") == true)
                    #expect(frames.map(\.time) == (10..<20).map { UInt32($0 * 100) })
                }
            }
        }
    }

    @Test func runsOnThroughA32BitWrap() async throws {
        try await TestServer.with { test in
            try await TestReader.with(test.socket) { reader in
                try await TestPublisher.with(port: test.port) { publisher in
                    _ = try await publisher.publish("KEY")
                    try await publisher.configurations()
                    let first = UInt32.max - 949
                    for step in UInt32(0)..<20 {
                        try await publisher.picture(first &+ step * 100, isKey: step % 10 == 0)
                    }
                    #expect(try await reader.frames(20).map(\.time) == (0..<20).map { UInt32($0 * 100) })
                }
            }
        }
    }

    @Test func warnsOfFlaws() async throws {
        try await TestServer.with { test in
            try await TestPublisher.with(port: test.port) { publisher in
                _ = try await publisher.publish("KEY")
                try await publisher.configurations()
                // A codec of long ago, a torn message, a leap of the clock, and no key frame for 13 s.
                try await publisher.send(RTMPMessage(type: 9, streamID: 1, payload: bytes("22 00")))
                try await publisher.send(RTMPMessage(type: 8, streamID: 1, payload: bytes("af")))
                for time in stride(from: UInt32(0), to: 13_000, by: 100) {
                    try await publisher.picture(time, isKey: false)
                }
                try await publisher.picture(13_000_000, isKey: false)
                var kinds: Set<IngestWarning.Kind> = []
                let wanted: Set<IngestWarning.Kind> = [
                    .unsupportedCodec, .damagedMessages, .timestampLeap, .noKeyFrame, .videoOnly,
                ]
                for await event in test.events {
                    if case .warning(let warning) = event { kinds.insert(warning.kind) }
                    if kinds == wanted { break }
                }
                #expect(kinds == wanted)
            }
        }
    }

    @Test func closingASessionEndsItsReaderAndSocket() async throws {
        try await TestServer.with { test in
            try await TestPublisher.with(port: test.port) { publisher in
                _ = try await publisher.publish("KEY")
                try await publisher.configurations()
                try await publish(stride(from: 0, to: 1000, by: 100), by: publisher)
                try await TestReader.with(test.socket) { reader in
                    let first = try await reader.frame()
                    #expect(first != nil)
                    await test.server.close("one")
                    let rest = try await reader.frames(20)
                    #expect(rest.count == 9)
                }
                #expect(
                    try await publisher.command("onStatus").argument(0)?[name: "code"]
                        == .string("NetStream.Unpublish.Success")
                )
            }
            for await _ in test.events {}
            #expect(!FileManager.default.fileExists(atPath: test.socket))
            let late = try await TestPublisher.with(port: test.port) { try await $0.publish("KEY").text }
            #expect(late.contains("not open"))
        }
    }
}
