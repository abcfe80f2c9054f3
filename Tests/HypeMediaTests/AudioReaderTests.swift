import HypeCore
import HypeMedia
import Testing

struct AudioReaderTests {
    @Test(arguments: ClipCutterTests.copied)
    func placesSoundTrueToThePicture(container: String, bFrames: Int) throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep(container, bFrames: bFrames))
        let sound = try Sound(file)
        #expect(sound.isContinuous)
        let frames = try FrameReader(file, settings: .init(step: .nanoseconds(1), selection: .all, longestSide: 16))
            .rest()
        let white = frames.filter { $0.image.brightness > 240 }.map(\.time.seconds)
        let flashes = white.indices.filter { $0 == 0 || white[$0] - white[$0 - 1] > 0.3 }.map { white[$0] }
        let onsets = sound.onsets
        #expect(flashes.count == 8)
        #expect(onsets.count == 8)
        for (flash, onset) in zip(flashes, onsets) {
            // The loud part of the first beep's rise is under a millisecond; time stamps may be whole milliseconds.
            #expect(abs(onset - flash) < 0.0015, "\(container): \(onset) against \(flash)")
        }
    }

    @Test(arguments: ["mp4", "mkv", "ts", "flv", "mpg", "avi", "webm"])
    func givesTheSameSoundBySeeking(container: String) throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep(container, bFrames: 2))
        let everything = try Sound(file)
        let origin = file.info.interval.start
        for (from, to) in [(0.0, 0.7), (1.51, 3.2), (3.97, 4.4), (6.9, 7.3)] {
            let interval = MediaInterval(start: origin + .seconds(from), end: origin + .seconds(to))
            let sought = try Sound(file, in: interval)
            #expect(sought.isContinuous)
            #expect(abs(Double(sought.sampleCount) / 16_000 - (to - from)) < 0.03, "\(container) \(from)")
            let expected = everything.onsets.filter { $0 >= interval.start.seconds && $0 < interval.end.seconds }
            let found = sought.onsets
            #expect(found.count == expected.count, "\(container) \(from)")
            for (onset, wanted) in zip(found, expected) { #expect(abs(onset - wanted) < 0.001, "\(container) \(from)") }
        }
    }

    @Test func readsTelephoneSoundAtItsPlace() throws {
        let path = try TestMedia.recording(
            "8k.wav",
            ["-f", "lavfi", "-i", "aevalsrc=exprs=\(TestMedia.beep):s=8000:d=4", "-ac", "1"]
        )
        let file = try MediaFile(path: path)
        #expect(file.info.audio == MediaInfo.Audio(codec: "pcm_s16le", sampleRate: 8000, channels: 1))
        let sound = try Sound(file)
        #expect(abs(sound.sampleCount - 64_000) < 32)
        for (index, onset) in sound.onsets.enumerated() { #expect(abs(onset - Double(index)) < 0.001) }
    }

    @Test func mixesChannelsToTheirMean() throws {
        let path = try TestMedia.recording(
            "stereo.wav",
            ["-f", "lavfi", "-i", "aevalsrc=exprs='0.8|0.4':s=16000:d=1:c=stereo"]
        )
        let samples = try #require(try Sound(try MediaFile(path: path)).blocks.first).samples
        #expect(samples.allSatisfy { abs($0 - 0.6) < 0.001 })
    }

    @Test func readsSilenceAsSilence() throws {
        let path = try TestMedia.recording(
            "silent.mp4",
            ["-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo", "-t", "3", "-c:a", "aac"]
        )
        let sound = try Sound(try MediaFile(path: path))
        #expect(abs(sound.sampleCount - 48_000) < 800)
        #expect(sound.blocks.allSatisfy { $0.samples.allSatisfy { abs($0) < 1e-4 } })
    }

    @Test func saysWhenThereIsNoSound() throws {
        let path = try TestMedia.recording(
            "mute.mp4",
            ["-i", try TestMedia.flashAndBeep("mp4", bFrames: 2), "-an", "-c", "copy"]
        )
        let file = try MediaFile(path: path)
        #expect(file.info.audio == nil)
        let error = #expect(throws: MediaError.self) { try AudioReader(file) }
        #expect(error?.code == .noAudio)
    }

    @Test func saysWhenThereIsNoPicture() throws {
        let path = try TestMedia.recording("only.m4a", ["-f", "lavfi", "-i", "aevalsrc=0:s=16000:d=1"])
        let file = try MediaFile(path: path)
        #expect(file.info.video == nil)
        let error = #expect(throws: MediaError.self) { try FrameReader(file) }
        #expect(error?.code == .noVideo)
    }

    @Test(arguments: [(3.3, 3.8), (2.2, 6.6)])
    func staysTrueAcrossGaps(from: Double, to: Double) throws {
        let path = try TestMedia.recording(
            "gap-\(from).mkv",
            [
                "-i", try TestMedia.flashAndBeep("mkv", bFrames: 0), "-c", "copy",
                "-bsf:a", "noise=drop='between(pts*tb\\,\(from)\\,\(to))'",
            ]
        )
        let whole = try Sound(try MediaFile(path: try TestMedia.flashAndBeep("mkv", bFrames: 0))).onsets
        let sound = try Sound(try MediaFile(path: path))
        // Short gaps become silence, long ones stay gaps.
        #expect(sound.isContinuous == (to - from < 2))
        #expect(sound.isMonotonic)
        let expected = whole.filter { $0 < from || $0 > to }
        #expect(sound.onsets.count == expected.count)
        for (onset, wanted) in zip(sound.onsets, expected) { #expect(abs(onset - wanted) < 0.002) }
    }
}
