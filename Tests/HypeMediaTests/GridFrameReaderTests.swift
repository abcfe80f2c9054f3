import Foundation
import HypeCore
import HypeMedia
import Testing

struct GridFrameReaderTests {
    private func looks(
        _ path: String,
        stride: Int64 = 1,
        interrupt: MediaInterrupt = MediaInterrupt()
    ) throws -> [GridFrameReader.Look] {
        var settings = GridFrameReader.Settings()
        settings.stride = stride
        let reader = try GridFrameReader(MediaFile(path: path), settings: settings, interrupt: interrupt)
        var looks: [GridFrameReader.Look] = []
        while let look = try reader.next() { looks.append(look) }
        return looks
    }

    @Test(arguments: ["mp4", "mkv", "ts", "flv", "mpg", "avi", "webm"])
    func sixteenPicturesASecondWhateverTheContainer(container: String) throws {
        let path = try TestMedia.flashAndBeep(container, bFrames: container == "mpg" ? 0 : 2)
        let file = try MediaFile(path: path)
        let looks = try looks(path)
        #expect(abs(looks.count - 128) <= 3, "\(looks.count)")
        for look in looks {
            let offset = (look.frame.time - look.shown.start).inSeconds
            #expect(abs(offset) <= 0.5 / 16 + 0.02, "\(look.shown.start.seconds)")
            #expect(look.shown.start >= file.info.interval.start)
            #expect(look.frame.region == PixelRegion(x: 0, y: 0, width: 320, height: 180))
        }
        // The flash lasts for 90 ms from each second on: the pictures are those of their time.
        let start = file.info.interval.start.seconds
        for look in looks {
            let phase = (look.frame.time.seconds - start).truncatingRemainder(dividingBy: 1)
            guard phase > 0.01, phase < 0.07 || phase > 0.12, phase < 0.97 else { continue }
            let isWhite = look.frame.image.bytes.prefix(3000).allSatisfy { $0 > 230 }
            #expect(isWhite == (phase < 0.08), "\(look.frame.time.seconds)")
        }
    }

    @Test
    func everyFourthPointStandsForAQuarterOfASecond() throws {
        let path = try TestMedia.flashAndBeep("mp4", bFrames: 2)
        let all = try looks(path)
        let some = try looks(path, stride: 4)
        #expect(some.count == 32)
        #expect(some.map(\.frame.time) == all.enumerated().filter { $0.offset % 4 == 0 }.map(\.element.frame.time))
        #expect(some.allSatisfy { abs($0.shown.duration.inSeconds - 0.25) < 1e-6 })
    }

    @Test
    func variableRatesAreReadByTheirTimes() throws {
        // Two seconds at 30 a second, then one picture for three seconds, then two seconds at 10 a second.
        let path = try TestMedia.recording(
            "variable.mkv",
            [
                "-f", "lavfi", "-i", "testsrc2=s=160x90:r=30:d=7",
                "-vf", "select='lt(t,2)+gte(t,5)*not(mod(n,3))'", "-fps_mode", "vfr", "-c:v", "libx264",
            ]
        )
        let looks = try looks(path)
        let long = try #require(looks.max { $0.shown.duration < $1.shown.duration })
        // The picture before the gap and the one after it serve half of it each.
        #expect(abs(long.shown.duration.inSeconds - 1.5) < 0.2)
        let covered = looks.reduce(0) { $0 + $1.shown.duration.inSeconds }
        #expect(abs(covered - 7) < 0.3, "\(covered)")
    }

    @Test
    func turnedPicturesComeUpright() throws {
        let plain = try TestMedia.flashAndBeep("mp4", bFrames: 0)
        let path = try TestMedia.recording("turned.mp4", ["-i", plain, "-c", "copy", "-metadata:s:v", "rotate=90"])
        let look = try #require(try looks(path).first)
        #expect(look.frame.region == PixelRegion(x: 0, y: 0, width: 180, height: 320))
    }

    @Test
    func interruptAndDeadlineEndReading() throws {
        let path = try TestMedia.flashAndBeep("mp4", bFrames: 0)
        let late = MediaInterrupt(deadline: .now)
        #expect(late.isCancelled)
        let error = #expect(throws: MediaError.self) { try looks(path, interrupt: late) }
        #expect(error?.code == .cancelled)
        let early = MediaInterrupt(deadline: .now + .seconds(600))
        #expect(!early.isCancelled)
        #expect(try looks(path, interrupt: early).count == 128)
    }

    @Test
    func soundHasNoPictures() throws {
        let sound = try TestMedia.recording("sine.wav", ["-f", "lavfi", "-i", "sine=d=1"])
        let error = #expect(throws: MediaError.self) { try looks(sound) }
        #expect(error?.code == .noVideo)
    }
}
