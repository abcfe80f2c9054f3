import HypeCore
import HypeEmotion
import Testing

@Suite(.enabled(if: FaceTestModels.hasDetectors, "needs Scripts/bootstrap"))
struct CameraFinderTests {
    /// Pictures of a restless game with faces drawn over it.
    private func pictures(_ count: Int, faces: (Int) -> [SyntheticFace]) -> [VideoFrame] {
        (0..<count).map { index in
            var picture = PixelBuffer.mosaic(width: 480, height: 270, seed: UInt64(index) &* 77 &+ 1, tile: 30)
            for face in faces(index) { face.draw(on: &picture) }
            return picture.frame(at: Double(index) * 10)
        }
    }

    /// A head that moves a little and changes its expression.
    private func person(_ index: Int, x: Float = 68, y: Float = 215) -> SyntheticFace {
        let sway = Float(index * 37 % 11) - 5
        return SyntheticFace(center: [x + sway, y - sway / 2], radius: 16, mouth: Float(index % 3) / 2)
    }

    private func find(_ pictures: [VideoFrame]) throws -> CameraFinding {
        var settings = CameraFinder.Settings()
        settings.searched = 2
        return try CameraFinder(models: FaceTestModels.tiny.get(), settings: settings).find(in: pictures)
    }

    @Test(arguments: [
        (SIMD2<Float>(68, 215), "lower left"), (SIMD2(420, 50), "upper right"), (SIMD2(240, 140), "the centre"),
    ])
    func insetIsFoundAndNamed(place: SIMD2<Float>, name: String) throws {
        let finding = try find(pictures(5) { [person($0, x: place.x, y: place.y)] })
        let region = try #require(finding.region)
        let face = try #require(finding.face)
        #expect(finding.summary.contains(name))
        #expect(finding.found == 5)
        #expect(finding.confidence > 0.5)
        #expect(abs(Float(face.x) + Float(face.width) / 2 - place.x) < 12)
        #expect(region.overlap(with: face) < 0.5)
        #expect(region.x <= face.x && region.y <= face.y)
        #expect(region.x + region.width >= face.x + face.width)
        for value in [region.x, region.y, region.width, region.height] { #expect(value.isMultiple(of: 2)) }
        #expect(region.clamped(toWidth: 480, height: 270) == region)
    }

    @Test
    func steadyInsetWinsOverLargerFacesOfTheGame() throws {
        let finding = try find(
            pictures(6) { index in
                let game = SyntheticFace(center: [160 + Float(index) * 55, 100], radius: 34, mouth: 1)
                return [person(index)] + (index.isMultiple(of: 2) ? [game] : [])
            }
        )
        #expect(finding.found == 6)
        #expect(finding.summary.contains("lower left"))
    }

    @Test
    func portraitThatNeverMovesIsNotACamera() throws {
        let finding = try find(pictures(5) { _ in [SyntheticFace(center: [68, 215], radius: 16)] })
        #expect(finding.region == nil)
        #expect(finding.summary.contains("still portrait"))
    }

    @Test
    func facesThatComeAndGoAreNoCamera() throws {
        let finding = try find(
            pictures(8) { $0 == 4 ? [SyntheticFace(center: [230, 110], radius: 30)] : [] }
        )
        #expect(finding.region == nil)
        #expect(finding.confidence == 0)
        #expect(finding.summary == "no face found in 8 pictures")
    }

    @Test
    func onePictureIsEnoughToFindALostFaceAgain() throws {
        let finding = try find(pictures(1) { [person($0)] })
        #expect(finding.region != nil)
        #expect(finding.confidence <= 0.5)
    }

    @Test
    func faceMissingInSomePicturesIsStillFound() throws {
        let finding = try find(pictures(8) { $0.isMultiple(of: 2) ? [person($0)] : [] })
        #expect(finding.found == 4)
        #expect(finding.looked == 8)
        #expect(finding.region != nil)
    }

    @Test
    func noPicturesGiveNothing() throws {
        #expect(try find([]).region == nil)
    }
}
