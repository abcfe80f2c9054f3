import Foundation
import HypeCore
import HypeMedia
import Testing

@Suite("Clips of a capture in made-up time")
struct CapturedClipTests {
    private static let settings = CaptureSettings(
        screen: "simulated",
        camera: "simulated",
        microphone: "simulated",
        frameRate: 30,
        width: 320,
        height: 180
    )

    /// Flashes and beeps at whole seconds: the screen at 30 pictures per second, the microphone 300 millionths too fast.
    private func capture(seconds: Int) throws -> ReplaySnapshot {
        let pictures = try PictureLine(Self.settings)
        let sound = SoundLine(Self.settings)
        let tracks = try SoundTracks(hasVoice: true)
        #expect(tracks.remark == nil)
        var microphone = SimulatedMicrophone(start: 0.2, ppm: 300)
        var random = SplitMix64(seed: 2)
        var packets: [Packet] = []
        let dark = PixelBuffer(width: 64, height: 36, bytes: .init(repeating: 60, count: 64 * 36 * 3))
        let white = PixelBuffer(width: 64, height: 36, bytes: .init(repeating: 255, count: 64 * 36 * 3))
        for picture in 0..<seconds * 30 {
            // The screen is looked at 5 ms after each frame of the grid, and seen up to 3 ms later.
            let taken = Double(picture) / 30 + 0.005
            let now = MediaTime(seconds: taken + random.uniform() * 0.003)
            let isFlash = taken - taken.rounded(.down) < 0.09 && taken > 0.9
            pictures.take(try .picture(isFlash ? white : dark, arrival: now), from: .screen)
            pictures.take(try .picture(isFlash ? white : dark, arrival: now), from: .camera)
            packets += try pictures.packets(at: now)
            while microphone.nextEnd < taken {
                let frame = try microphone.next()
                sound.take(frame, from: .microphone)
                for block in sound.blocks(at: frame.arrival) { packets += try tracks.encode(block) }
            }
        }
        return ReplaySnapshot(streams: [pictures.stream] + tracks.streams, packets: packets)
    }

    @Test("picture and sound stay together, read back by ffmpeg", arguments: [TrackID.sound, .microphone])
    func staysTogether(track: TrackID) throws {
        let all = try capture(seconds: 70)
        let snapshot = ReplaySnapshot(
            streams: all.streams.filter { $0.kind == .video || $0.id == track },
            packets: all.packets.filter { $0.kind == .video || $0.trackID == track }
        )
        let path = TestMedia.scratch("captured.mp4")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let interval = MediaInterval(start: MediaTime(seconds: 5), end: MediaTime(seconds: 68))
        let clip = try ClipWriter().write(snapshot, interval: interval, to: path)
        #expect(abs(clip.duration.inSeconds - 63) < 0.1)
        let read = try FlashAndBeep(path)
        #expect(read.flashes.count >= 62)
        #expect(read.offsets.count >= 62)
        // The screen is looked at 5 ms late and a place on the grid may be 20 ms away.
        #expect(read.offsets.allSatisfy { abs($0) < 0.02 })
        let early: Double = read.offsets.prefix(10).reduce(0, +) / 10
        let late: Double = read.offsets.suffix(10).reduce(0, +) / 10
        #expect(abs(early - late) < 0.005)
        print(
            "offsets of 63 s, sound track \(track.number): \((read.offsets.min() ?? 9) * 1000) … \((read.offsets.max() ?? 9) * 1000) ms"
        )
    }

    @Test("has the tracks, key frames and colours that were promised")
    func hasTracks() throws {
        let snapshot = try capture(seconds: 9)
        #expect(snapshot.streams.map(\.id) == [.picture, .sound, .microphone])
        #expect(snapshot.streams.map(\.codec) == ["h264", "aac", "aac"])
        let pictures = snapshot.packets.filter { $0.kind == .video }
        #expect(pictures.allSatisfy { $0.pts == $0.dts })
        let keys = pictures.filter(\.isKey).compactMap { $0.time?.seconds }
        #expect(zip(keys.dropFirst(), keys).allSatisfy { abs($0 - $1 - 2) < 0.001 })
        for track in [TrackID.picture, .sound, .microphone] {
            let times = snapshot.packets.filter { $0.trackID == track }.compactMap(\.dts)
            #expect(zip(times.dropFirst(), times).allSatisfy { $0 > $1 })
            #expect(times.count > 200)
        }
    }

    @Test("the inset shows the camera where the region says, and black after the camera went")
    func showsInset() throws {
        let line = try PictureLine(Self.settings)
        let region = try #require(Self.settings.cameraRegion)
        let red = PixelBuffer(width: 64, height: 48, bytes: (0..<64 * 48).flatMap { _ in [255, 0, 0] as [UInt8] })
        let blue = PixelBuffer(width: 64, height: 48, bytes: (0..<64 * 48).flatMap { _ in [0, 0, 255] as [UInt8] })
        var packets: [Packet] = []
        for index in 0..<90 {
            let now = MediaTime(seconds: Double(index) / 30)
            // The screen is 4:3, so bars lie left and right of it.
            line.take(try .picture(blue, arrival: now), from: .screen)
            if index < 45 { line.take(try .picture(red, arrival: now), from: .camera) }
            if index == 45 { line.lose(.camera) }
            packets += try line.packets(at: now)
        }
        let path = TestMedia.scratch("inset.mp4")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let snapshot = ReplaySnapshot(streams: [line.stream], packets: packets)
        _ = try ClipWriter().write(
            snapshot,
            interval: MediaInterval(start: .zero, end: MediaTime(seconds: 2.5)),
            to: path
        )
        let reader = try FrameReader(
            try MediaFile(path: path),
            settings: .init(step: .milliseconds(500), selection: .all)
        )
        var frames: [VideoFrame] = []
        while let frame = try reader.next() { frames.append(frame) }
        let early = try #require(frames.first { $0.time.seconds >= 0.9 })
        let late = try #require(frames.last)
        for y in stride(from: 2, to: 178, by: 4) {
            for x in stride(from: 2, to: 318, by: 4) {
                let isInset =
                    (region.x + 2..<region.x + region.width - 2).contains(x)
                    && (region.y + 2..<region.y + region.height - 2).contains(y)
                let isEdge =
                    !isInset && (region.x - 2...region.x + region.width + 2).contains(x)
                    && (region.y - 2...region.y + region.height + 2).contains(y)
                let isScreen = (44..<276).contains(x)
                let isBar = x < 36 || x > 284
                if isInset {
                    #expect(isNear(early, x, y, (255, 0, 0)))
                    #expect(isNear(late, x, y, (0, 0, 0)))
                } else if !isEdge, isScreen {
                    #expect(isNear(early, x, y, (0, 0, 255)))
                } else if !isEdge, isBar {
                    #expect(isNear(early, x, y, (0, 0, 0)))
                }
            }
        }
    }

    private func isNear(_ frame: VideoFrame, _ x: Int, _ y: Int, _ color: (Int, Int, Int)) -> Bool {
        let index = (y * frame.image.width + x) * 3
        let bytes = frame.image.bytes
        return abs(Int(bytes[index]) - color.0) < 24 && abs(Int(bytes[index + 1]) - color.1) < 24
            && abs(Int(bytes[index + 2]) - color.2) < 24
    }

    @Test("a covered camera is noticed within five seconds")
    func noticesCover() throws {
        let line = try PictureLine(CaptureSettings(camera: "simulated", frameRate: 10, width: 64, height: 36))
        let black = PixelBuffer(width: 64, height: 36, bytes: .init(repeating: 3, count: 64 * 36 * 3))
        let room = PixelBuffer(width: 64, height: 36, bytes: (0..<64 * 36 * 3).map { UInt8($0 % 251) })
        var covered: [Bool] = []
        for index in 0..<120 {
            let now = MediaTime(seconds: Double(index) / 10)
            line.take(try .picture((30..<90).contains(index) ? black : room, arrival: now), from: .camera)
            _ = try line.packets(at: now)
            covered.append(line.isCovered)
        }
        #expect(!covered[..<45].contains(true))
        #expect(covered[65])
        #expect(covered[85])
        #expect(!covered[110])
    }
}
