import Foundation
import HypeCore
import HypeIngest
import NIOCore
import Testing

/// FFmpeg as encoder and as reader.
@Suite(.timeLimit(.minutes(5)), .serialized)
struct EncoderTests {
    private static let hashes = [
        "-v", "error", "-show_packets", "-show_data_hash", "md5", "-show_entries",
        "packet=codec_type,pts,dts,flags,data_hash",
        "-of", "csv=p=0",
    ]

    /// One line for each packet: kind, times in milliseconds, flags, hash.
    private func packets(_ listing: String) -> [String] {
        listing.split(separator: "\n").map(String.init).sorted()
    }

    private func publish(_ file: String, to test: TestServer, _ options: String...) throws -> Child {
        try Child(
            "ffmpeg",
            ["-nostdin", "-v", "error"] + options + ["-i", file, "-c", "copy", "-f", "flv", test.address()]
        )
    }

    @Test(arguments: [(true, true), (true, false), (false, true)])
    func contentIsIntact(video: Bool, audio: Bool) async throws {
        let media = try EncoderMedia()
        let file = try await media.flv(video: video, audio: audio)
        let expected = packets(try await Child.run("ffprobe", Self.hashes + [file]))
        let got = try await TestServer.with { test in
            let reader = try Child("ffprobe", Self.hashes + ["-f", "flv", "unix:\(test.socket)"])
            _ = try await test.event { if case .readerAttached = $0 { true } else { nil } }
            #expect(try await publish(file, to: test).outcome().status == 0)
            _ = try await test.event { if case .gone(.finished) = $0 { true } else { nil } }
            await test.server.close("one")
            let outcome = try await reader.outcome()
            #expect(outcome.errors.isEmpty)
            return outcome.output
        }
        #expect(expected.count > (video ? 119 : 180))
        let isSame = packets(got) == expected
        #expect(isSame)
    }

    @Test func wrongKeyIsToldToTheStreamer() async throws {
        let media = try EncoderMedia()
        let file = try await media.flv()
        try await TestServer.with { test in
            let wrong = [
                "-nostdin", "-v", "error", "-re", "-i", file, "-c", "copy", "-f", "flv", test.address(key: "NO"),
            ]
            let outcome = try await Child("ffmpeg", wrong).outcome()
            #expect(outcome.status != 0)
            #expect(outcome.errors.contains("The stream key is wrong. Copy it again from the session."))
        }
    }

    @Test func publisherIsKilledAndComesBack() async throws {
        let media = try EncoderMedia()
        let file = try await media.flv()
        let listing = try await TestServer.with { test in
            let reader = try Child("ffprobe", Self.hashes + ["-f", "flv", "unix:\(test.socket)"])
            _ = try await test.event { if case .readerAttached = $0 { true } else { nil } }
            let first = try publish(file, to: test, "-re")
            _ = try await test.event {
                if case .clock(let sample) = $0, sample.media.seconds > 1 { true } else { nil }
            }
            first.kill()
            #expect(try await first.outcome().status != 0)
            _ = try await test.event { if case .gone(.lost) = $0 { true } else { nil } }
            #expect(try await publish(file, to: test).outcome().status == 0)
            _ = try await test.event { if case .gone(.finished) = $0 { true } else { nil } }
            await test.server.close("one")
            return try await reader.outcome().output
        }
        // One stream for the reader: 120 pictures of the second publisher behind some 30 of the first.
        let times = listing.split(separator: "\n").filter { $0.hasPrefix("video") }
            .compactMap { Int($0.split(separator: ",")[2]) }
        #expect(times.count > 145)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
        #expect((times.last ?? 0) > 4900)
    }

    @Test func readerIsKilledAndComesBack() async throws {
        let media = try EncoderMedia()
        let file = try await media.flv()
        let expected = packets(try await Child.run("ffprobe", Self.hashes + [file]))
        let got = try await TestServer.with { test in
            let first = try Child("ffprobe", Self.hashes + ["-f", "flv", "unix:\(test.socket)"])
            _ = try await test.event { if case .readerAttached = $0 { true } else { nil } }
            let publisher = try publish(file, to: test, "-re")
            _ = try await test.event {
                if case .clock(let sample) = $0, sample.media.seconds > 2 { true } else { nil }
            }
            first.kill()
            _ = try await first.outcome()
            _ = try await test.event { if case .readerDetached(.left) = $0 { true } else { nil } }
            let second = try Child("ffprobe", Self.hashes + ["-f", "flv", "unix:\(test.socket)"])
            _ = try await test.event { if case .readerAttached = $0 { true } else { nil } }
            #expect(try await publisher.outcome().status == 0)
            _ = try await test.event { if case .gone(.finished) = $0 { true } else { nil } }
            await test.server.close("one")
            return try await second.outcome().output
        }
        // Six seconds are kept, and the stream has four: the second reader has all of it.
        let isSame = packets(got) == expected
        #expect(isSame)
    }

    @Test func hevcComesAsMatroska() async throws {
        let media = try EncoderMedia()
        let encoder = [
            "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "aud=1:bframes=0:keyint=25:log-level=none",
        ]
        let stream = HEVCStream(try await media.elementary(encoder, container: "hevc"))
        try #require(stream.pictures.count == 50)
        let configuration = ByteBuffer.joined([bytes("90 68766331"), stream.configuration])
        let bodies = stream.pictures.map { picture in
            ByteBuffer.joined([bytes(picture.isKey ? "91 68766331 000000" : "a1 68766331 000000"), picture.data])
        }
        let streams = try await enhanced(configuration, bodies)
        #expect(streams.contains("hevc,320,240,50"))
    }

    @Test(arguments: [("libvpx-vp9", "vp9", "76703039"), ("libvpx", "vp8", "76703038")])
    func vpxComesAsMatroska(encoder: String, codec: String, code: String) async throws {
        let media = try EncoderMedia()
        let options = ["-c:v", encoder, "-deadline", "realtime", "-cpu-used", "8", "-g", "25"]
        let stream = IVFStream(try await media.elementary(options, container: "ivf"))
        let bodies = stream.frames.enumerated().map { number, data in
            ByteBuffer.joined([bytes(number % 25 == 0 ? "91 \(code)" : "a1 \(code)"), data])
        }
        let streams = try await enhanced(nil, bodies)
        #expect(streams.contains("\(codec),320,240,50"))
    }

    @Test func av1ComesAsMatroska() async throws {
        let media = try EncoderMedia()
        let options = ["-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8", "-g", "25"]
        let stream = IVFStream(try await media.elementary(options, container: "ivf"))
        // av1C for the main profile, level 4.0, 8 bits, 4:2:0; the sequence header also comes with each key frame.
        let configuration = bytes("90 61763031 81080c00")
        let bodies = stream.frames.enumerated().map { number, data in
            ByteBuffer.joined([bytes(number % 25 == 0 ? "91 61763031" : "a1 61763031"), data])
        }
        let streams = try await enhanced(configuration, bodies)
        #expect(streams.contains("av1,320,240,50"))
    }

    @Test func opusComesAsMatroska() async throws {
        let media = try EncoderMedia()
        let stream = OggStream(try await media.sound(["-c:a", "libopus"], container: "ogg"))
        try #require(stream.packets.count > 100)
        let head = try #require(stream.packets.first)
        // The second packet holds comments.
        let bodies = stream.packets.dropFirst(2).map { ByteBuffer.joined([bytes("91 4f707573"), $0]) }
        let streams = try await enhanced(.joined([bytes("90 4f707573"), head]), bodies, isVideo: false, interval: 20)
        #expect(streams.contains("opus,48000,1,\(bodies.count)"))
    }

    /// Sends frames in enhanced RTMP's form, and has FFmpeg read and decode what the socket gives.
    private func enhanced(
        _ configuration: ByteBuffer?,
        _ bodies: [ByteBuffer],
        isVideo: Bool = true,
        interval: Int = 40
    ) async throws -> String {
        let type: UInt8 = isVideo ? 9 : 8
        return try await TestServer.with { test in
            let listing = [
                "-v", "error", "-count_frames", "-show_entries",
                "stream=codec_name,width,height,sample_rate,channels,nb_read_frames",
            ]
            let reader = try Child("ffprobe", listing + ["-of", "csv=p=0", "-f", "matroska", "unix:\(test.socket)"])
            _ = try await test.event { if case .readerAttached = $0 { true } else { nil } }
            let metadata = AMF0Value.ecmaArray([
                .init("width", .number(320)), .init("height", .number(240)),
                .init("videocodecid", .number(0x6876_6331)),
            ])
            try await TestPublisher.with(port: test.port) { publisher in
                _ = try await publisher.publish("KEY", metadata: metadata)
                if let configuration {
                    try await publisher.send(RTMPMessage(type: type, streamID: 1, payload: configuration))
                }
                for (number, body) in bodies.enumerated() {
                    let time = UInt32(number * interval)
                    try await publisher.send(RTMPMessage(type: type, streamID: 1, timestamp: time, payload: body))
                }
                try await publisher.send(CommandMessage("deleteStream", transaction: 0, .null, .number(1)).message())
                _ = try await test.event { if case .gone(.finished) = $0 { true } else { nil } }
            }
            await test.server.close("one")
            let outcome = try await reader.outcome()
            #expect(outcome.errors.isEmpty)
            return outcome.output
        }
    }
}
