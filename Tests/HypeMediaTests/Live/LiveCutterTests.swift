import Foundation
import HypeCore
import HypeDigest
import HypeMedia
import Testing

/// Clips of live streams, read back by the `ffmpeg` program.
struct LiveCutterTests {
    /// Whether flashes and beeps lie where they should: 5 ms is the most that sound and picture may be apart more than
    /// in the source, whose stamps are whole milliseconds.
    private func check(_ played: FlashAndBeep, like source: FlashAndBeep, count: Int) throws {
        #expect(played.flashes.count >= count)
        let usual = try #require(source.offsets.first)
        #expect(played.offsets.count >= count)
        for offset in played.offsets { #expect(abs(offset - usual) <= 0.005) }
    }

    @Test(arguments: [0, 2])
    func cutsFromRingFromSpoolAndAcrossBoth(bFrames: Int) throws {
        let path = try TestMedia.flashAndBeep("flv", bFrames: bFrames)
        let source = try FlashAndBeep(path)
        let whole = try RecordedSession(path, ring: .seconds(60))
        let fromRing = try whole.clip(1.5..<6.5)
        let short = try RecordedSession(path, ring: .seconds(1.5))
        let held = try #require(short.recorder.recorded.last?.ring.fill.interval)
        #expect(held.start > MediaTime(seconds: 4))
        let fromSpool = try short.clip(0.5..<3.5)
        let acrossBoth = try short.clip(1.5..<6.5)
        for (result, count) in [(fromRing, 5), (fromSpool, 3), (acrossBoth, 5)] {
            try check(result.played, like: source, count: count)
        }
        #expect(fromRing.clip.interval == acrossBoth.clip.interval)
        let bytes = try [fromRing.clip.path, acrossBoth.clip.path].map { try Data(contentsOf: URL(filePath: $0)) }
        #expect(bytes[0] == bytes[1], "the spool holds the very same packets")
    }

    @Test func goesOnAfterAKillAtAnyByte() throws {
        let path = try TestMedia.flashAndBeep("flv", bFrames: 2)
        let source = try FlashAndBeep(path)
        for lost in [1, 39, 500, 20_000] {
            let first = try RecordedSession(path, ring: .seconds(2))
            let last = try #require(try first.parts.last)
            let size = try #require(try FileManager.default.attributesOfItem(atPath: last)[.size] as? Int)
            truncate(last, off_t(max(size - lost, 0)))
            // A worker takes over; the relay repeats what it has, of which only the rest is new.
            let second = try RecordedSession(path, ring: .seconds(2), folder: first.folder)
            let result = try second.clip(2.5..<7.5)
            try check(result.played, like: source, count: 5)
            #expect(abs((result.clip.duration - .seconds(5)).inSeconds) < 0.1)
        }
    }

    @Test func losesNothingWhenTheWorkerDiesWithoutFinishing() throws {
        let path = try TestMedia.flashAndBeep("flv", bFrames: 2)
        let first = try RecordedSession(path, ring: .seconds(60))
        let whole = try #require(first.recorder.recorded.last?.ring.snapshot().packets)
        for part in try first.parts {
            let size = try #require(try FileManager.default.attributesOfItem(atPath: part)[.size] as? Int)
            truncate(part, off_t(size - 40))
        }
        let spool = try Spool(Spool.Settings(folder: first.folder))
        let tail = try #require(spool.tail(span: .seconds(60), limit: 1 << 30))
        #expect(tail.snapshot.packets.map(Identity.init) == whole.map(Identity.init))
    }

    @Test func cutsSoundAlone() throws {
        let path = try TestMedia.recording(
            "sound-only.flv",
            ["-f", "lavfi", "-i", "aevalsrc=exprs=\(TestMedia.beep):s=48000:d=8", "-c:a", "aac"]
        )
        for ring in [Duration.seconds(60), .seconds(1)] {
            let session = try RecordedSession(path, ring: ring)
            let wish = MediaInterval(seconds: 1.5..<6.5)
            let clip = try ClipWriter().write(
                session.cutter.snapshot(of: wish),
                interval: wish,
                to: TestMedia.scratch("sound.mp4")
            )
            #expect(abs(clip.duration.inSeconds - 5) < 0.05)
            let sound = try Sound(MediaFile(path: clip.path))
            #expect(sound.onsets.count == 5)
            for onset in sound.onsets {
                #expect(
                    abs(onset - onset.rounded() - 0.5).magnitude < 0.03
                        || abs(onset - onset.rounded() + 0.5).magnitude < 0.03
                )
            }
        }
    }

    @Test func cutsThePictureAlone() throws {
        let path = try TestMedia.recording(
            "picture-only.flv",
            [
                "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=60:duration=6", "-c:v", "libx264", "-preset",
                "veryfast",
                "-g", "120", "-bf", "2",
            ]
        )
        let session = try RecordedSession(path, ring: .seconds(1))
        let wish = MediaInterval(seconds: 1.5..<5)
        let clip = try ClipWriter().write(
            session.cutter.snapshot(of: wish),
            interval: wish,
            to: TestMedia.scratch("p.mp4")
        )
        #expect(abs(clip.duration.inSeconds - 3.5) < 0.04)
    }

    @Test func cutsAcrossALongGroupOfPictures() throws {
        let path = try TestMedia.recording(
            "long-gop.flv",
            [
                "-i", try TestMedia.flashAndBeep("mp4", bFrames: 2), "-c:v", "libx264", "-preset", "veryfast", "-g",
                "300",
                "-keyint_min", "300", "-sc_threshold", "0", "-c:a", "copy",
            ]
        )
        let session = try RecordedSession(path, ring: .seconds(2))
        #expect(try session.parts.count >= 2, "a part ends without a key frame")
        let result = try session.clip(4.5..<7.5)
        try check(result.played, like: FlashAndBeep(path), count: 3)
        #expect(abs(result.clip.duration.inSeconds - 3) < 0.05)
    }

    @Test func saysWhenNothingIsThere() throws {
        let session = try RecordedSession(try TestMedia.flashAndBeep("flv", bFrames: 0), ring: .seconds(60))
        #expect(throws: MediaError.self) { try session.cutter.snapshot(of: MediaInterval(seconds: 100..<110)) }
    }

    @Test func carriesASecondSoundTrack() throws {
        let path = try TestMedia.recording(
            "two-sounds.mkv",
            [
                "-i", try TestMedia.flashAndBeep("mp4", bFrames: 2), "-f", "lavfi", "-i",
                "sine=frequency=440:sample_rate=44100:duration=8", "-map", "0:v", "-map", "0:a", "-map", "1:a", "-c:v",
                "copy",
                "-c:a", "aac", "-metadata:s:a:1", "title=Microphone",
            ]
        )
        let session = try RecordedSession(path, ring: .seconds(1))
        let wish = MediaInterval(seconds: 1.5..<6.5)
        let clip = try ClipWriter().write(
            session.cutter.snapshot(of: wish),
            interval: wish,
            to: TestMedia.scratch("two.mp4")
        )
        let probe = try TestMedia.run(
            "ffprobe",
            [
                "-v", "error", "-show_entries", "stream=codec_type,start_time,duration:stream_tags=handler_name", "-of",
                "json",
                clip.path,
            ]
        )
        let streams = try JSONDecoder().decode(Probe.self, from: probe).streams
        #expect(streams.map(\.codecType) == ["video", "audio", "audio"])
        #expect(streams.last?.tags?.handlerName == "Microphone")
        for stream in streams { #expect(abs((Double(stream.duration) ?? 0) - 5) < 0.15) }
        try check(FlashAndBeep(clip.path), like: FlashAndBeep(path), count: 5)
    }

    private struct Probe: Decodable {
        struct Stream: Decodable {
            struct Tags: Decodable {
                var handlerName: String?

                private enum CodingKeys: String, CodingKey { case handlerName = "handler_name" }
            }

            private enum CodingKeys: String, CodingKey {
                case duration, tags
                case codecType = "codec_type"
            }

            var codecType: String
            var duration: String
            var tags: Tags?
        }
        var streams: [Stream]
    }
}

/// What makes two packets the same.
struct Identity: Hashable {
    var track: TrackID
    var pts: Int64?
    var dts: Int64?
    var duration: Int64
    var timebase: Timebase
    var isKey: Bool
    var digest: String

    init(_ packet: Packet) {
        track = packet.trackID
        pts = packet.pts
        dts = packet.dts
        duration = packet.duration
        timebase = packet.timebase
        isKey = packet.isKey
        digest = FileDigest.sha256(of: packet.bytes.withUnsafeBytes(Array.init))
    }
}
