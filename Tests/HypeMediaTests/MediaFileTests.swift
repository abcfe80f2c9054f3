import Foundation
import HypeCore
import HypeMedia
import Testing

struct MediaFileTests {
    @Test func describesARecording() throws {
        let info = try MediaFile(path: try TestMedia.flashAndBeep("mp4", bFrames: 2)).info
        #expect(info.container == "mov,mp4,m4a,3gp,3g2,mj2")
        #expect(abs(info.interval.duration.inSeconds - 8) < 0.1)
        #expect(info.video == MediaInfo.Video(codec: "h264", width: 320, height: 180, frameRate: 30, rotation: 0))
        #expect(info.audio == MediaInfo.Audio(codec: "aac", sampleRate: 48_000, channels: 1))
    }

    @Test func keepsTheFilesOwnClock() throws {
        let interval = try MediaFile(path: try TestMedia.flashAndBeep("ts", bFrames: 2)).info.interval
        #expect(abs(interval.start.seconds - 1.4) < 0.1)
        #expect(abs(interval.duration.inSeconds - 8) < 0.1)
    }

    @Test func matroskaThatBeginsLateIsNoLongerThanItIs() throws {
        let plain = try TestMedia.flashAndBeep("mp4", bFrames: 0)
        let late = try TestMedia.recording("late.mkv", ["-i", plain, "-c", "copy", "-output_ts_offset", "100"])
        let interval = try MediaFile(path: late).info.interval
        #expect(abs(interval.start.seconds - 100) < 0.1)
        #expect(abs(interval.duration.inSeconds - 8) < 0.2, "\(interval)")
    }

    @Test func namesWhatIsWrongWithAPath() throws {
        let empty = TestMedia.scratch("empty.mp4")
        try Data().write(to: URL(fileURLWithPath: empty))
        let text = TestMedia.scratch("notes.txt")
        try "These are only notes, not a recording.".write(toFile: text, atomically: true, encoding: .utf8)
        let pipe = TestMedia.scratch("pipe")
        mkfifo(pipe, 0o600)
        let cases: [(String, MediaError.Code)] = [
            (TestMedia.scratch("missing.mp4"), .notFound),
            (TestMedia.folder, .directory),
            (empty, .empty),
            (text, .notMedia),
            (pipe, .notRegularFile),
            ("https://localhost/video.mp4", .notFound),
        ]
        for (path, code) in cases {
            let error = #expect(throws: MediaError.self) { try MediaFile(path: path) }
            #expect(error?.code == code, "\(path): \(error?.description ?? "")")
            #expect(error?.message.contains(path) == true)
        }
    }

    @Test(.enabled(if: getuid() != 0, "the superuser may read everything"))
    func namesAMissingRight() throws {
        let path = TestMedia.scratch("locked.mp4")
        try FileManager.default.copyItem(atPath: try TestMedia.flashAndBeep("mp4", bFrames: 0), toPath: path)
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        let error = #expect(throws: MediaError.self) { try MediaFile(path: path) }
        #expect(error?.code == .permission)
    }

    @Test(arguments: ["playlist.m3u8", "list.ffconcat", "session.sdp"])
    func opensNoFilesNamedInsideAFile(name: String) throws {
        let media = try TestMedia.flashAndBeep("ts", bFrames: 0)
        let contents = [
            "playlist.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:8\n#EXTINF:8,\n\(media)\n#EXT-X-ENDLIST\n",
            "list.ffconcat": "ffconcat version 1.0\nfile '\(media)'\n",
            "session.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
        ]
        let path = TestMedia.scratch(name)
        try (contents[name] ?? "").write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: MediaError.self) { try MediaFile(path: path) }
        #expect(error?.code == .notMedia)
    }

    @Test(arguments: ["mp4", "mkv", "ts", "flv"])
    func readsWhatATruncatedFileStillHas(container: String) throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: try TestMedia.flashAndBeep(container, bFrames: 2)))
        let path = TestMedia.scratch("truncated.\(container)")
        try whole.prefix(whole.count * 6 / 10).write(to: URL(fileURLWithPath: path))
        if container == "mp4" {
            // The index of a plain MP4 stands at its end.
            let error = #expect(throws: MediaError.self) { try MediaFile(path: path) }
            #expect(error?.code == .notMedia)
            return
        }
        let file = try MediaFile(path: path)
        let frames = try FrameReader(file).rest()
        #expect(frames.count > 20)
        #expect(frames.count < 50)
        #expect(try Sound(file).onsets.count >= 3)
        let clip = try ClipCutter().cut(
            file,
            interval: MediaInterval(start: file.info.interval.start + .seconds(2.2), end: MediaTime(seconds: 100)),
            to: TestMedia.scratch("rest.mp4")
        )
        #expect(clip.duration > .seconds(1))
        #expect(clip.duration < .seconds(4))
    }

    @Test func stopsWhenCancelled() throws {
        let path = try TestMedia.flashAndBeep("mp4", bFrames: 2)
        let interrupt = MediaInterrupt()
        let reader = try FrameReader(try MediaFile(path: path), interrupt: interrupt)
        #expect(try reader.next() != nil)
        interrupt.cancel()
        let error = #expect(throws: MediaError.self) { while try reader.next() != nil {} }
        #expect(error?.code == .cancelled)
        let opening = #expect(throws: MediaError.self) { try MediaFile(path: path, interrupt: interrupt) }
        #expect(opening?.code == .cancelled)
    }
}
