import HypeCore
import HypeEmotion
import Testing

@Suite
struct VideoClipReaderTests {
    private func results(
        batch: Int = 1,
        seconds: Double = 5,
        rate: Int = 25,
        region: PixelRegion? = nil,
        picture: (Int) -> PixelBuffer = { VideoParity.picture(64, 48, number: $0) }
    ) throws -> [VideoClipReader.Result] {
        var reader = VideoClipReader(model: try VideoParity.model(batch: batch))
        var results: [VideoClipReader.Result] = []
        for number in 0..<Int(seconds * Double(rate)) {
            let time = MediaTime(seconds: 3 + Double(number) / Double(rate))
            results += try reader.add(picture(number), at: time, region: region)
        }
        return results + (try reader.finish(at: MediaTime(seconds: 3 + seconds)))
    }

    @Test
    func clipsAreThoseOfThePlanWithThePicturesOfThePlan() throws {
        let found = try results()
        let plan = VideoClipPlan.clips(
            of: (0..<125).map { MediaTime(seconds: 3 + Double($0) / 25) },
            end: MediaTime(seconds: 8),
            settings: VideoClipPlan.Settings(sampleCount: 4)
        )
        #expect(found.map(\.interval) == plan.map(\.interval))
        #expect(found.map(\.isShort) == [false, false, true])
        let model = try VideoParity.model()
        for (result, clip) in zip(found, plan) {
            let pictures = clip.frames.compactMap { ClipPicture(VideoParity.picture(64, 48, number: $0), side: 32) }
            #expect(try model.predictions(of: [pictures])[0].probabilities == result.prediction.probabilities)
            #expect(result.pictureCount == Set(clip.frames).count)
        }
    }

    @Test
    func aBatchAnswersTheSame() throws {
        let single = try results(seconds: 9)
        let batched = try results(batch: 2, seconds: 9)
        #expect(single.count == 5)
        #expect(single.map(\.interval) == batched.map(\.interval))
        for (one, other) in zip(single, batched) {
            for (left, right) in zip(one.prediction.probabilities, other.prediction.probabilities) {
                #expect(abs(left - right) <= 1e-6)
            }
        }
    }

    @Test
    func aRegionIsLookedAtAndOneOutsideCountsAsNone() throws {
        let whole = try results(seconds: 2)
        let part = try results(seconds: 2, region: PixelRegion(x: 8, y: 8, width: 20, height: 20))
        let outside = try results(seconds: 2, region: PixelRegion(x: 500, y: 8, width: 20, height: 20))
        #expect(whole[0].prediction.probabilities != part[0].prediction.probabilities)
        #expect(whole[0].prediction.probabilities == outside[0].prediction.probabilities)
        let cut = try results(seconds: 2) { number in
            let picture = VideoParity.picture(64, 48, number: number)
            var bytes: [UInt8] = []
            for y in 8..<28 { bytes += picture.bytes[(y * 64 + 8) * 3..<(y * 64 + 28) * 3] }
            return PixelBuffer(width: 20, height: 20, bytes: bytes)
        }
        #expect(part[0].prediction.probabilities == cut[0].prediction.probabilities)
    }

    @Test
    func aStillPictureIsOnePicture() throws {
        var reader = VideoClipReader(model: try VideoParity.model())
        #expect(try reader.add(VideoParity.picture(64, 48), at: .zero).isEmpty)
        let found = try reader.finish()
        #expect(found.map(\.pictureCount) == [1])
        #expect(try reader.finish().isEmpty)
        #expect(try reader.add(PixelBuffer(width: 0, height: 0, bytes: []), at: .zero).isEmpty)
    }

    @Test
    func aStreamAfterTheEndBeginsAnew() throws {
        var reader = VideoClipReader(model: try VideoParity.model())
        for round in 0..<3 {
            let start = Double(round) * 100
            var found: [VideoClipReader.Result] = []
            for number in 0..<50 {
                let time = MediaTime(seconds: start + Double(number) / 25)
                found += try reader.add(VideoParity.picture(64, 48, number: number), at: time)
            }
            found += try reader.finish(at: MediaTime(seconds: start + 2))
            #expect(found.map(\.interval) == [MediaInterval(seconds: start..<start + 2)])
        }
    }
}
