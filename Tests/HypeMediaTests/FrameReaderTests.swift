import Foundation
import HypeCore
import HypeMedia
import Synchronization
import Testing

struct FrameReaderTests {
    @Test(arguments: ClipCutterTests.copied)
    func givesTheSameFramesBySeekingAsByReadingEverything(container: String, bFrames: Int) throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep(container, bFrames: bFrames))
        try Self.expectEqualFrames(in: file)
    }

    /// Streams in which seeking is harder: pictures that lean on the group before, other codecs, uneven frame rates.
    static let awkward: [String: [String]] = [
        "open.ts": [
            "-c:v", "libx264", "-preset", "veryfast", "-x264-params", "open-gop=1:keyint=45:bframes=3:b-pyramid=2",
        ],
        "open.mkv": ["-c:v", "libx264", "-preset", "veryfast", "-x264-params", "open-gop=1:keyint=45:bframes=3"],
        "open.mp4": ["-c:v", "libx264", "-preset", "veryfast", "-x264-params", "open-gop=1:keyint=45:bframes=3"],
        "refresh.ts": ["-c:v", "libx264", "-preset", "veryfast", "-x264-params", "intra-refresh=1:keyint=45"],
        "long.mp4": ["-c:v", "libx264", "-preset", "veryfast", "-g", "1000", "-bf", "2"],
        "mpeg2.ts": ["-c:v", "mpeg2video", "-b:v", "2M", "-bf", "2", "-g", "15"],
        "mpeg1.mpg": ["-c:v", "mpeg1video", "-b:v", "2M", "-bf", "2", "-g", "15"],
        "mpeg4.avi": ["-c:v", "mpeg4", "-b:v", "2M", "-bf", "2", "-g", "30"],
        "vp9.webm": ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M", "-g", "45"],
        "hevc.mp4": ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=45"],
        "vfr.mp4": [
            "-vf", "select='not(between(mod(n\\,60)\\,7\\,40))'", "-vsync", "vfr",
            "-c:v", "libx264", "-preset", "veryfast", "-g", "20", "-bf", "2",
        ],
        "vfr.mkv": [
            "-vf", "select='not(between(mod(n\\,60)\\,7\\,40))'", "-vsync", "vfr",
            "-c:v", "libx264", "-preset", "veryfast", "-g", "20", "-bf", "2",
        ],
    ]

    @Test(arguments: awkward.keys.sorted())
    func givesTheSameFramesWhereSeekingIsHard(name: String) throws {
        let master = try TestMedia.flashAndBeep("mp4", bFrames: 0)
        let path = try TestMedia.recording(name, ["-i", master] + (Self.awkward[name] ?? []) + ["-an"])
        try Self.expectEqualFrames(in: try MediaFile(path: path))
    }

    @Test(
        .enabled(if: TestMedia.shared != nil, "needs ../shared (real recordings)"),
        arguments: TestMedia.real("crema-d").prefix(1) + TestMedia.real("grid").prefix(3)
            + TestMedia.real("webcam").suffix(1)
    )
    func givesTheSameFramesOfRealRecordings(path: String) throws {
        let file = try MediaFile(path: path)
        let settings = FrameReader.Settings(longestSide: 64)
        try Self.expectEqualFrames(in: file, settings: settings, stretches: [(0, 0.5), (0.6, 1.4), (1.5, 2.2), (1, 9)])
    }

    @Test func givesTheSameKeyFramesBySeeking() throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep("ts", bFrames: 2))
        let settings = FrameReader.Settings(step: .milliseconds(1), selection: .keyFrames, longestSide: 64)
        let all = try FrameReader(file, settings: settings).rest()
        #expect(all.count >= 4)
        let reader = try FrameReader(file, settings: settings)
        try reader.start(MediaInterval(start: all[1].time, end: all[3].time))
        #expect(try reader.rest().map(\.image) == all[1..<3].map(\.image))
    }

    @Test(arguments: [90, 180, 270])
    func givesUprightPictures(degrees: Int) throws {
        let master = try TestMedia.flashAndBeep("mp4", bFrames: 0)
        let path = try TestMedia.recording(
            "rotate-\(degrees).mp4",
            ["-i", master, "-c", "copy", "-an", "-metadata:s:v", "rotate=\(degrees)"]
        )
        let file = try MediaFile(path: path)
        let video = try #require(file.info.video)
        let isSideways = degrees != 180
        #expect(video.width == (isSideways ? 180 : 320))
        #expect(video.height == (isSideways ? 320 : 180))
        let settings = FrameReader.Settings(selection: .all)
        let frame = try #require(try FrameReader(file, settings: settings).frame(shownAt: MediaTime(seconds: 0.5)))
        let played = try TestMedia.run(
            "ffmpeg",
            [
                "-v", "error", "-nostdin", "-ss", "0.5", "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt",
                "rgb24", "-",
            ]
        )
        let expected = PixelBuffer(width: video.width, height: video.height, bytes: [UInt8](played))
        #expect(frame.image.distance(to: expected) < 3)
        // A part of the upright picture is that part, whichever way it is stored.
        let region = PixelRegion(x: 20, y: 100, width: 96, height: 60)
        let cropper = try FrameReader(file, settings: .init(selection: .all, region: region))
        let part = try #require(try cropper.frame(shownAt: MediaTime(seconds: 0.5)))
        #expect(part.region == region)
        #expect(part.image.distance(to: expected.cropped(to: region)) < 4)
    }

    @Test func cutsRegionsToThePictureAndScales() throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep("mp4", bFrames: 0))
        let region = PixelRegion(x: 301, y: -20, width: 99, height: 101)
        let reader = try FrameReader(file, settings: .init(region: region, longestSide: 40))
        let frame = try #require(try reader.next())
        #expect(frame.region == PixelRegion(x: 301, y: 0, width: 19, height: 81))
        #expect(frame.image.height == 40)
        #expect(frame.image.width == 9)
        reader.region = PixelRegion(x: 400, y: 0, width: 10, height: 10)
        #expect(try reader.next() == nil)
    }

    @Test(arguments: ["yuv420p10le", "yuv444p", "yuvj420p", "yuv422p"])
    func readsOtherPixelFormats(format: String) throws {
        let master = try TestMedia.flashAndBeep("mp4", bFrames: 0)
        let path = try TestMedia.recording(
            "\(format).mp4",
            [
                "-i", master, "-t", "1", "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "10", "-pix_fmt",
                format,
            ]
        )
        let settings = FrameReader.Settings(selection: .all)
        let reference = try FrameReader(try MediaFile(path: master), settings: settings).rest().prefix(8)
        let frames = try FrameReader(try MediaFile(path: path), settings: settings).rest()
        #expect(frames.count == reference.count)
        for (frame, wanted) in zip(frames, reference) { #expect(frame.image.distance(to: wanted.image) < 6) }
        #expect(try #require(frames.first).image.brightness > 250)
    }

    @Test func neverGivesFramesOutsideTheStretch() throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep("flv", bFrames: 2))
        let reader = try FrameReader(file)
        try reader.start(MediaInterval(seconds: 3..<3))
        #expect(try reader.next() == nil)
        try reader.start(MediaInterval(seconds: 50..<60))
        #expect(try reader.next() == nil)
        try reader.start(MediaInterval(seconds: -5..<0.3))
        #expect(try reader.rest().count == 3)
    }

    @Test func readsStretchesOnTwoThreadsAtOnce() throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep("mkv", bFrames: 2))
        let settings = FrameReader.Settings(longestSide: 64)
        let expected = try FrameReader(file, settings: settings).rest().map(\.image)
        let found = Frames()
        let threads = (0..<2).map { half in
            Thread {
                let reader = try? FrameReader(file, settings: settings)
                try? reader?.start(MediaInterval(seconds: Double(half) * 4..<Double(half) * 4 + 4))
                found.set((try? reader?.rest()) ?? [], at: half)
            }
        }
        for thread in threads { thread.start() }
        #expect(found.wait().map(\.image) == expected)
    }

    static func expectEqualFrames(
        in file: MediaFile,
        settings: FrameReader.Settings = .init(longestSide: 64),
        stretches: [(Double, Double)] = [(0, 1), (0.51, 1.9), (1.9, 2.4), (2.0, 3.0), (3.99, 4.01), (4, 6.2), (7.5, 9)]
    ) throws {
        let everything = try FrameReader(file, settings: settings).rest()
        #expect(everything.count > 10)
        let reader = try FrameReader(file, settings: settings)
        for (from, to) in stretches.reversed() {
            let interval = MediaInterval(
                start: file.info.interval.start + .seconds(from),
                end: file.info.interval.start + .seconds(to)
            )
            try reader.start(interval)
            let sought = try reader.rest()
            let expected = everything.filter { interval.contains($0.time) }
            #expect(sought.map(\.time) == expected.map(\.time), "\(file.path) \(from)…\(to)")
            #expect(sought.map(\.image) == expected.map(\.image), "\(file.path) \(from)…\(to)")
        }
    }
}

/// What two threads found, joined in order.
private final class Frames: Sendable {
    private let halves = Mutex<[[VideoFrame]?]>([nil, nil])
    private let done = DispatchSemaphore(value: 0)

    func set(_ frames: [VideoFrame], at half: Int) {
        halves.withLock { $0[half] = frames }
        done.signal()
    }

    func wait() -> [VideoFrame] {
        done.wait()
        done.wait()
        return halves.withLock { $0.compactMap { $0 }.flatMap { $0 } }
    }
}

extension PixelBuffer {
    /// A part of the picture.
    func cropped(to region: PixelRegion) -> PixelBuffer {
        var rows: [UInt8] = []
        for y in region.y..<region.y + region.height {
            let first = (y * width + region.x) * 3
            rows += bytes[first..<first + region.width * 3]
        }
        return PixelBuffer(width: region.width, height: region.height, bytes: rows)
    }
}
