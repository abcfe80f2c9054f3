import Foundation
import HypeCore
import HypeMedia
import Testing

/// Live sources, with the `ffmpeg` program or a socket at the other end.
struct LiveDemuxerTests {
    private func open(_ address: LiveAddress, origin: Int64 = SessionClock.monotonic) throws -> LiveDemuxer {
        try LiveDemuxer(address, clock: SessionClock(origin: origin), after: nil, interrupt: MediaInterrupt())
    }

    /// Packets until the source ends or the picture has run for some seconds.
    private func packets(_ input: any LiveInput, seconds: Double = 1e6) throws -> [LivePacket] {
        var packets: [LivePacket] = []
        var start: MediaTime?
        while let next = try OnceInput(input).next() {
            packets.append(next)
            guard let time = next.packet.decodingTime else { continue }
            let first = start ?? time
            start = first
            if (time - first).inSeconds > seconds { break }
        }
        return packets
    }

    private func checkOrder(_ packets: [LivePacket]) {
        for track in [TrackID.picture, .sound] {
            let times = packets.filter { $0.packet.trackID == track }.compactMap(\.packet.decodingTime)
            #expect(!times.isEmpty)
            #expect(zip(times.dropFirst(), times).allSatisfy { $0 > $1 })
        }
    }

    @Test(arguments: ["flv", "mkv"])
    func readsTheRelayWithItsOwnStamps(container: String) throws {
        let path = try TestMedia.flashAndBeep(container, bFrames: 2)
        let relay = try RelayDouble([Data(contentsOf: URL(filePath: path))])
        defer { relay.close() }
        let input = try open(.relay(socket: relay.path))
        #expect(input.streams.map(\.codec) == ["h264", "aac"])
        let found = try packets(input)
        checkOrder(found)
        let file = try MediaFile(path: path)
        let source = try MediaSource(file, interrupt: MediaInterrupt())
        var expected: [Packet] = []
        while let packet = try source.nextPacket() { expected.append(packet) }
        #expect(found.map(\.packet.pts) == expected.map(\.pts))
        // Matroska gives no decoding times for the first pictures.
        if container == "flv" { #expect(found.map { Identity($0.packet) } == expected.map(Identity.init)) }
    }

    @Test func playsAFileAtRealSpeed() throws {
        let path = try TestMedia.flashAndBeep("mkv", bFrames: 0)
        let begin = ContinuousClock.now
        let origin = SessionClock.monotonic
        let found = try packets(try open(.file(path), origin: origin), seconds: 1.5)
        let elapsed = ContinuousClock.now - begin
        #expect(elapsed > .seconds(1.4))
        checkOrder(found)
        #expect(abs(try #require(found.first?.packet.time).seconds) < 0.1)
    }

    @Test func receivesTransportStreamsOverUDP() throws {
        let path = try TestMedia.flashAndBeep("ts", bFrames: 2)
        let port = Int.random(in: 20_000..<60_000)
        let sender = try Child(
            "ffmpeg",
            [
                "-v", "error", "-nostdin", "-re", "-i", path, "-c", "copy", "-f", "mpegts",
                "udp://127.0.0.1:\(port)?pkt_size=1316",
            ]
        )
        defer { sender.stop() }
        let origin = SessionClock.monotonic
        let input = try open(.url("udp://127.0.0.1:\(port)", mayBePrivate: true), origin: origin)
        #expect(Set(input.streams.map(\.codec)) == ["h264", "aac"])
        let found = try packets(input, seconds: 3)
        checkOrder(found)
        // Placed by arrival: the session's clock is not far from what has come.
        let last = try #require(found.last?.packet.time)
        #expect(abs((SessionClock(origin: origin).now - last).inSeconds) < 2.5)
        #expect(found.allSatisfy { !$0.startsEpoch })
    }

    @Test func readsPlaylistsOverHTTPWithDiscontinuities() throws {
        let folder = TestMedia.scratch("hls")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let source = try TestMedia.flashAndBeep("mp4", bFrames: 2)
        _ = try TestMedia.run(
            "ffmpeg",
            [
                "-v", "error", "-i", source, "-c", "copy", "-f", "hls", "-hls_time", "2", "-hls_list_size", "0",
                "-hls_segment_filename", folder + "/s%d.ts", folder + "/whole.m3u8",
            ]
        )
        // An advertisement starts over at time zero in the middle, and the stream goes on after it.
        let list = """
            #EXTM3U
            #EXT-X-VERSION:3
            #EXT-X-TARGETDURATION:2
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXTINF:2.0,
            s0.ts
            #EXTINF:2.0,
            s1.ts
            #EXT-X-DISCONTINUITY
            #EXTINF:2.0,
            s0.ts
            #EXT-X-DISCONTINUITY
            #EXTINF:2.0,
            s2.ts
            #EXTINF:2.0,
            s3.ts
            #EXT-X-ENDLIST
            """
        try Data(list.utf8).write(to: URL(filePath: folder + "/live.m3u8"))
        let port = Int.random(in: 20_000..<60_000)
        let server = try Child(
            "python3",
            ["-m", "http.server", "\(port)", "--bind", "127.0.0.1", "--directory", folder]
        )
        defer { server.stop() }
        try server.awaitPort(port)
        let input = try open(.url("http://127.0.0.1:\(port)/live.m3u8", mayBePrivate: true))
        let found = try packets(input)
        checkOrder(found)
        #expect(input.jumps >= 1)
        let pictures = found.map(\.packet).filter { $0.kind == .video }.compactMap(\.time).sorted()
        let steps = zip(pictures.dropFirst(), pictures).map { ($0 - $1).inSeconds }
        #expect(steps.allSatisfy { $0 < 0.2 }, "no sample is stretched over a discontinuity")
        let length = try #require(pictures.last) - #require(pictures.first)
        #expect(abs(length.inSeconds - 10) < 0.5)
    }

    @Test func aPlaylistCannotReachFiles() throws {
        let folder = TestMedia.scratch("evil")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let secret = try TestMedia.flashAndBeep("ts", bFrames: 2)
        for target in ["file://" + secret, secret, "concat:" + secret, "unix:" + secret] {
            let list = "#EXTM3U\n#EXT-X-TARGETDURATION:8\n#EXTINF:8.0,\n\(target)\n#EXT-X-ENDLIST\n"
            try Data(list.utf8).write(to: URL(filePath: folder + "/live.m3u8"))
            let port = Int.random(in: 20_000..<60_000)
            let server = try Child(
                "python3",
                ["-m", "http.server", "\(port)", "--bind", "127.0.0.1", "--directory", folder]
            )
            defer { server.stop() }
            try server.awaitPort(port)
            #expect(throws: MediaError.self) {
                try open(.url("http://127.0.0.1:\(port)/live.m3u8", mayBePrivate: true))
            }
        }
    }

    @Test func noticesANewResolution() throws {
        let small = try TestMedia.flashAndBeep("mp4", bFrames: 0)
        let large = try TestMedia.recording(
            "large.mp4",
            ["-i", small, "-vf", "scale=640:360", "-c:v", "libx264", "-preset", "veryfast", "-g", "60", "-c:a", "copy"]
        )
        // Transport streams carry the new parameters in front of the key frame, FLV beside the packets.
        let first = try TestMedia.recording("small-a.ts", ["-i", small, "-c", "copy"])
        let second = try TestMedia.recording("large-a.ts", ["-i", large, "-c", "copy", "-output_ts_offset", "8"])
        let bytes = try Data(contentsOf: URL(filePath: first)) + Data(contentsOf: URL(filePath: second))
        let joined = TestMedia.scratch("joined.ts")
        try bytes.write(to: URL(filePath: joined))
        let port = Int.random(in: 20_000..<60_000)
        let server = try Child(
            "python3",
            ["-m", "http.server", "\(port)", "--bind", "127.0.0.1", "--directory", TestMedia.folder]
        )
        defer { server.stop() }
        try server.awaitPort(port)
        let name = URL(filePath: joined).lastPathComponent
        let input = try open(.url("http://127.0.0.1:\(port)/\(name)", mayBePrivate: true))
        let found = try packets(input)
        let changes = found.filter(\.startsEpoch)
        #expect(changes.count == 1)
        #expect(changes.first?.packet.isKey == true)
        let recorder = LiveRecorder(limits: ReplayRing.Limits(span: .seconds(60)))
        let again = OnceInput(try open(.url("http://127.0.0.1:\(port)/\(name)", mayBePrivate: true)))
        try recorder.run(opening: { _, _ in again }, interrupt: MediaInterrupt())
        #expect(recorder.recorded.count == 2)
        let interval = try #require(recorder.recorded.last?.ring.fill.interval)
        let wish = MediaInterval(start: interval.start + .seconds(1), end: interval.start + .seconds(5))
        let path = TestMedia.scratch("epoch.mp4")
        _ = try ClipWriter().write(
            LiveCutter(recorder: recorder, spool: nil).snapshot(of: wish),
            interval: wish,
            to: path
        )
        #expect(try MediaFile(path: path).info.video?.width == 640)
        for offset in try FlashAndBeep(path).offsets { #expect(abs(offset) < 0.03) }
    }

    @Test func aSourceThatIsNotThereSaysWhatToDo() throws {
        #expect {
            try open(.relay(socket: "/nowhere/socket"))
        } throws: { error in
            let error = error as? MediaError
            return error?.code == .sourceLost && error?.message.contains("Start the stream") ?? false
        }
    }

    @Test func endsWhenItIsCancelled() throws {
        let interrupt = MediaInterrupt()
        let relay = try RelayDouble([Data()])
        relay.close()
        interrupt.cancel()
        #expect(throws: MediaError.cancelled) {
            try LiveDemuxer(
                .url("udp://127.0.0.1:9", mayBePrivate: true),
                clock: SessionClock(origin: 0),
                after: nil,
                interrupt: interrupt
            )
        }
    }
}
