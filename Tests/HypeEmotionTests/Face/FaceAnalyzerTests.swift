import HypeCore
import HypeEmotion
import Testing

@Suite(.enabled(if: FaceTestModels.hasDetectors, "needs Scripts/bootstrap"))
struct FaceAnalyzerTests {
    private let analyzer: FaceAnalyzer

    init() throws {
        analyzer = try FaceAnalyzer(models: FaceTestModels.tiny.get())
    }

    /// Pictures of a face, eight per second.
    private func frames(
        _ seconds: Range<Double>,
        mouth: (Double) -> Float = { _ in 0 },
        face: (Double) -> SyntheticFace? = { _ in SyntheticFace(center: [80, 75], radius: 34) }
    ) -> [VideoFrame] {
        stride(from: seconds.lowerBound, to: seconds.upperBound, by: 0.125).map { time in
            var picture = PixelBuffer.plain(width: 160, height: 160, gray: 90)
            if var face = face(time) {
                face.mouth = mouth(time)
                face.draw(on: &picture)
            } else {
                picture = .mosaic(width: 160, height: 160, seed: 9)
            }
            return VideoFrame(
                time: MediaTime(seconds: time),
                image: picture,
                region: PixelRegion(x: 1000, y: 400, width: 320, height: 320)
            )
        }
    }

    @Test
    func openMouthIsSeenWhenAndWhereItIs() throws {
        let interval = MediaInterval(seconds: 8..<12)
        let segment = try analyzer.analyze(interval, frames: frames(8..<12, mouth: { $0 >= 10 && $0 < 11 ? 1 : 0 }))
        #expect(segment.observations.map(\.interval.start.seconds) == stride(from: 8, to: 12, by: 0.5).map { $0 })
        #expect(segment.visibility == .seen(fraction: 1))
        for observation in segment.observations {
            let score = try #require(observation.score)
            let isOpen = observation.interval.start.seconds >= 10 && observation.interval.end.seconds <= 11
            #expect((score >= 0.5) == isOpen, "\(observation.interval.start.seconds): \(score)")
            guard case .face(let evidence) = observation.evidence else {
                Issue.record("no face evidence")
                continue
            }
            #expect(evidence.emotion.dominant == (isOpen ? .surprise : .neutral))
            // The face is drawn around (80, 75) of 160, shown from (1000, 400) at half size.
            #expect(abs(evidence.region.x + evidence.region.width / 2 - 1160) < 20)
            #expect(abs(evidence.region.y + evidence.region.height / 2 - 550) < 30)
            #expect(evidence.faceConfidence > 0.5)
        }
    }

    @Test
    func resultDoesNotDependOnWhatWasAnalysedBefore() throws {
        let all = frames(
            0..<8,
            mouth: { $0 > 5 ? 1 : 0 },
            face: { SyntheticFace(center: [70 + Float($0) * 3, 75], radius: 34) }
        )
        let second = MediaInterval(seconds: 4..<8)
        _ = try analyzer.analyze(MediaInterval(seconds: 0..<4), frames: all)
        let afterwards = try analyzer.analyze(second, frames: all)
        let fresh = try FaceAnalyzer(models: FaceTestModels.tiny.get())
            .analyze(second, frames: all.filter { $0.time.seconds >= 4 })
        #expect(afterwards == fresh)
    }

    @Test
    func cellsLieOnTheGridAndAreCutToTheStretch() throws {
        let segment = try analyzer.analyze(MediaInterval(seconds: 0.3..<1.7), frames: frames(0.375..<1.7))
        #expect(
            segment.observations.map(\.interval) == [
                MediaInterval(seconds: 0.3..<0.5), MediaInterval(seconds: 0.5..<1), MediaInterval(seconds: 1..<1.5),
                MediaInterval(seconds: 1.5..<1.7),
            ]
        )
        #expect(segment.observations.allSatisfy { $0.score != nil })
    }

    @Test
    func faceThatLeavesIsMissingAndNotQuiet() throws {
        let segment = try analyzer.analyze(
            MediaInterval(seconds: 0..<4),
            frames: frames(0..<4, face: { $0 < 2 ? SyntheticFace(center: [80, 75], radius: 34) : nil })
        )
        #expect(segment.observations.prefix(4).allSatisfy { $0.score != nil })
        for observation in segment.observations.suffix(4) {
            #expect(observation.score == nil)
            #expect(observation.missing == "no face in the camera picture")
        }
        #expect(segment.visibility == .seen(fraction: 0.5))
        #expect(!segment.needsSearch)
    }

    @Test
    func noFaceInLightAsksForASearch() throws {
        let segment = try analyzer.analyze(MediaInterval(seconds: 0..<4), frames: frames(0..<4, face: { _ in nil }))
        #expect(segment.visibility == .noFace)
        #expect(segment.needsSearch)
        #expect(segment.observations.allSatisfy { $0.missing == "no face in the camera picture" })
    }

    @Test(arguments: [
        (UInt8(4), FaceSegment.Visibility.dark, "the camera picture is dark"),
        (130, .flat, "the camera picture shows one flat colour"),
    ])
    func coveredCameraIsNamed(gray: UInt8, visibility: FaceSegment.Visibility, reason: String) throws {
        let frames = stride(from: 0, to: 4, by: 0.125).map {
            PixelBuffer.plain(width: 160, height: 160, gray: gray).frame(at: $0)
        }
        let segment = try analyzer.analyze(MediaInterval(seconds: 0..<4), frames: frames)
        #expect(segment.visibility == visibility)
        #expect(segment.observations.allSatisfy { $0.missing == reason })
        #expect(!segment.needsSearch)
    }

    @Test
    func stretchWithoutPicturesSaysSo() throws {
        let segment = try analyzer.analyze(MediaInterval(seconds: 0..<1), frames: [])
        #expect(segment.visibility == .noPicture)
        #expect(segment.observations.map(\.missing) == Array(repeating: "no camera picture in this stretch", count: 2))
    }

    @Test
    func smallerFaceInTheBackgroundIsNotReadInstead() throws {
        let segment = try analyzer.analyze(
            MediaInterval(seconds: 0..<2),
            frames: stride(from: 0, to: 2, by: 0.125).map { time in
                var picture = PixelBuffer.plain(width: 240, height: 160, gray: 90)
                SyntheticFace(center: [80, 75], radius: 34).draw(on: &picture)
                SyntheticFace(center: [200, 60], radius: 20, mouth: 1).draw(on: &picture)
                return picture.frame(at: time)
            }
        )
        #expect(segment.observations.allSatisfy { ($0.score ?? 1) < 0.5 })
    }

    @Test
    func ordinaryArousalIsTheMedianOverPictures() throws {
        let lively = frames(0..<1, mouth: { _ in 1 })
        let calm = frames(0..<1)
        let high = try #require(try analyzer.ordinaryArousal(in: lively))
        let low = try #require(try analyzer.ordinaryArousal(in: calm))
        #expect(high > 0.9)
        #expect(low < 0.2)
        #expect(try analyzer.ordinaryArousal(in: Array(calm.prefix(3))) == nil)
        #expect(try analyzer.ordinaryArousal(in: calm + lively.prefix(3)) == low)
    }
}
