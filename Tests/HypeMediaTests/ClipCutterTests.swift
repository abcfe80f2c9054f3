import Foundation
import HypeCore
import HypeMedia
import Testing

struct ClipCutterTests {
    static let copied = ["mp4", "mkv", "ts", "flv"].flatMap { container in [0, 2].map { (container, $0) } }

    @Test(arguments: copied)
    func keepsSoundAndPictureTogetherAndStartsAtTheWantedPicture(container: String, bFrames: Int) throws {
        let path = try TestMedia.flashAndBeep(container, bFrames: bFrames)
        let original = try FlashAndBeep(path)
        for start in [0.013, 1.717, 4.99] {
            let clip = try Self.cutAndCompare(path, original: original, from: start, to: start + 2.4)
            #expect(clip.converted.isEmpty)
            #expect(!clip.isDamaged)
        }
    }

    @Test(arguments: TestMedia.converted.keys.sorted())
    func convertsWhatPlayersDoNotKnow(container: String) throws {
        let path = try TestMedia.flashAndBeep(container, bFrames: 2)
        let clip = try Self.cutAndCompare(path, from: 2.51, to: 5, isExact: false)
        #expect(clip.converted == [.video, .audio])
        let written = try MediaFile(path: clip.path)
        #expect(written.info.video?.codec == "h264")
        #expect(written.info.audio?.codec == "aac")
    }

    @Test func convertsOnlyTheTrackThatNeedsIt() throws {
        let path = try TestMedia.recording(
            "flv1.flv",
            ["-i", try TestMedia.flashAndBeep("mp4", bFrames: 0), "-c:v", "flv1", "-c:a", "libmp3lame", "-ar", "44100"]
        )
        let clip = try Self.cutAndCompare(path, from: 1.3, to: 4.6, isExact: false)
        #expect(clip.converted == [.video])
        #expect(try MediaFile(path: clip.path).info.audio?.codec == "mp3")
    }

    @Test(
        .enabled(if: TestMedia.shared != nil, "needs ../shared (real recordings)"),
        arguments: TestMedia.real("crema-d").prefix(2) + TestMedia.real("grid").prefix(2)
    )
    func cutsRealRecordings(path: String) throws {
        let file = try MediaFile(path: path)
        let start = file.info.interval.start
        let output = TestMedia.scratch("real.mp4")
        let wish = MediaInterval(start: start + .seconds(0.7), end: start + .seconds(1.9))
        let clip = try ClipCutter().cut(file, interval: wish, to: output)
        #expect(clip.converted.contains(.video))
        let written = try MediaFile(path: output)
        #expect(abs((written.info.interval.duration - wish.duration).inSeconds) < 0.1)
        #expect(try FrameReader(written).rest().count >= 9)
    }

    @Test func cutsSoundAlone() throws {
        for name in ["beep.m4a", "beep.mp3", "beep.wav"] {
            let path = try TestMedia.recording(
                name,
                ["-f", "lavfi", "-i", "aevalsrc=exprs=\(TestMedia.beep):s=48000:d=6"]
            )
            let file = try MediaFile(path: path)
            let output = TestMedia.scratch("sound.mp4")
            let wish = MediaInterval(seconds: 1.5..<4.25)
            let clip = try ClipCutter().cut(file, interval: wish, to: output)
            #expect(abs((clip.duration - wish.duration).inSeconds) < 0.001)
            let beeps = try Sound(MediaFile(path: output)).onsets
            #expect(beeps.count == 3, "\(name)")
            let expected = try Sound(file).onsets.dropFirst(2).map { $0 - 1.5 }
            for (beep, wanted) in zip(beeps, expected) { #expect(abs(beep - wanted) < 0.001, "\(name)") }
        }
    }

    @Test func cutsPictureAlone() throws {
        let path = try TestMedia.recording(
            "silent-film.mp4",
            ["-i", try TestMedia.flashAndBeep("mp4", bFrames: 2), "-an", "-c", "copy"]
        )
        let file = try MediaFile(path: path)
        let clip = try ClipCutter().cut(
            file,
            interval: MediaInterval(seconds: 2.5..<4.1),
            to: TestMedia.scratch("v.mp4")
        )
        #expect(clip.interval.start == MediaTime(seconds: 2.5))
        #expect(try MediaFile(path: clip.path).info.audio == nil)
    }

    @Test func keepsTheRotation() throws {
        let path = try TestMedia.recording(
            "rotated-90.mp4",
            ["-i", try TestMedia.flashAndBeep("mp4", bFrames: 2), "-c", "copy", "-metadata:s:v", "rotate=90"]
        )
        let file = try MediaFile(path: path)
        let clip = try ClipCutter().cut(
            file,
            interval: MediaInterval(seconds: 2.5..<3.1),
            to: TestMedia.scratch("r.mp4")
        )
        let written = try MediaFile(path: clip.path)
        #expect(written.info.video?.rotation == file.info.video?.rotation)
        #expect(written.info.video?.rotation == 270 || written.info.video?.rotation == 90)
    }

    @Test func cutsClipsOutOfItsOwnClips() throws {
        let first = try Self.cutAndCompare(try TestMedia.flashAndBeep("mp4", bFrames: 2), from: 1.717, to: 6)
        try Self.cutAndCompare(first.path, from: 0, to: 2.9)
        try Self.cutAndCompare(first.path, from: 0.9, to: 3.5)
        let whole = MediaInterval(seconds: -3..<100)
        let clip = try ClipCutter().cut(
            try MediaFile(path: first.path),
            interval: whole,
            to: TestMedia.scratch("2.mp4")
        )
        #expect(clip.interval.start == .zero)
        #expect(abs((clip.duration - first.duration).inSeconds) < 0.04)
    }

    @Test func cutsHEVC() throws {
        let path = try TestMedia.recording(
            "hevc-sound.mp4",
            [
                "-i", try TestMedia.flashAndBeep("mp4", bFrames: 0), "-c:a", "copy",
                "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=45",
            ]
        )
        let clip = try Self.cutAndCompare(path, from: 2.4, to: 5.2)
        #expect(clip.converted.isEmpty)
    }

    @Test func saysWhenTheStretchIsNotThere() throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep("mp4", bFrames: 0))
        let output = TestMedia.scratch("none.mp4")
        #expect(throws: MediaError.self) {
            try ClipCutter().cut(file, interval: MediaInterval(seconds: 100..<110), to: output)
        }
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test func saysWhenTheDiskIsFullAndLeavesNothing() throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep("mp4", bFrames: 0))
        let output = TestMedia.scratch("full.mp4")
        // Every write to this device fails as on a full disk.
        try FileManager.default.createSymbolicLink(atPath: output + ".part", withDestinationPath: "/dev/full")
        let error = #expect(throws: MediaError.self) {
            try ClipCutter().cut(file, interval: MediaInterval(seconds: 1..<6), to: output)
        }
        #expect(error?.code == .diskFull)
        #expect(!FileManager.default.fileExists(atPath: output))
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: output + ".part")) == nil)
    }

    @Test func saysWhenTheFolderIsMissing() throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep("mp4", bFrames: 0))
        let error = #expect(throws: MediaError.self) {
            try ClipCutter().cut(
                file,
                interval: MediaInterval(seconds: 1..<2),
                to: TestMedia.scratch("no-such-folder") + "/clip.mp4"
            )
        }
        #expect(error?.code == .cannotWrite)
    }

    @Test func leavesNothingWhenCancelled() throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep("mp4", bFrames: 0))
        let output = TestMedia.scratch("cancelled.mp4")
        let interrupt = MediaInterrupt()
        let error = #expect(throws: MediaError.self) {
            try ClipCutter().cut(file, interval: MediaInterval(seconds: 1..<6), to: output, interrupt: interrupt) {
                part in
                if part > 0.5 { interrupt.cancel() }
            }
        }
        #expect(error?.code == .cancelled)
        #expect(!FileManager.default.fileExists(atPath: output))
        #expect(!FileManager.default.fileExists(atPath: output + ".part"))
    }

    @Test func marksClipsWithDamagedPackets() throws {
        let packets = Synthetic.stream(seconds: 4)
        let damaged = packets.map { packet in
            guard packet.kind == .video, packet.time == MediaTime(seconds: 2) else { return packet }
            return Synthetic.damaged(packet)
        }
        let selection = try #require(ClipSelection(from: damaged, wish: MediaInterval(seconds: 1..<3)))
        #expect(selection.packets.contains { $0.isDamaged })
    }

    /// Cuts a clip and compares it with its recording, both as the `ffmpeg` program plays them.
    @discardableResult
    static func cutAndCompare(
        _ path: String,
        original: FlashAndBeep? = nil,
        from start: Double,
        to end: Double,
        isExact: Bool = true
    ) throws -> CutClip {
        let file = try MediaFile(path: path)
        let origin = file.info.interval.start
        let wish = MediaInterval(start: origin + .seconds(start), end: origin + .seconds(end))
        let output = TestMedia.scratch("clip.mp4")
        let clip = try ClipCutter().cut(file, interval: wish, to: output)
        let usual = try #require((try original ?? FlashAndBeep(path)).offsets.dropFirst().first)
        let written = try FlashAndBeep(output)
        #expect(written.offsets.count >= 2)
        for offset in written.offsets {
            // Containers that stamp in milliseconds round picture and sound by half of one each.
            #expect(abs(offset - usual) <= 0.0011, "from \(start) s: \(offset) against \(usual)")
        }
        let wanted = try #require(try FrameReader(file, settings: .init(selection: .all)).frame(shownAt: wish.start))
        let frames = FrameReader.Settings(step: .nanoseconds(1), selection: .all)
        let first = try #require(try FrameReader(try MediaFile(path: output), settings: frames).next())
        #expect(first.time == .zero)
        #expect(clip.interval.start == wanted.time)
        if isExact {
            #expect(first.image == wanted.image)
        } else {
            #expect(first.image.distance(to: wanted.image) < 6, "\(path)")
        }
        #expect(abs((clip.duration - wish.duration).inSeconds) <= 0.12)
        let shown = try #require(written.pictures.last) + 1.0 / 30
        #expect(abs(shown - clip.duration.inSeconds) <= 0.04)
        #expect(!FileManager.default.fileExists(atPath: output + ".part"))
        return clip
    }
}

extension PixelBuffer {
    /// Mean absolute difference of two pictures of one size, 0…255; infinite for others.
    func distance(to other: PixelBuffer) -> Double {
        guard width == other.width, height == other.height, !bytes.isEmpty else { return .infinity }
        let sum = zip(bytes, other.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        return Double(sum) / Double(bytes.count)
    }

    /// Mean of all values, 0…255.
    var brightness: Double {
        Double(bytes.reduce(0) { $0 + Int($1) }) / Double(max(1, bytes.count))
    }
}
