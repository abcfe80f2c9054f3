import HypeCore
import HypeEmotion
import HypeInference
import Testing

@Suite(.enabled(if: FaceTestModels.hasDetectors, "needs Scripts/bootstrap"))
struct FaceDetectorTests {
    private func distance(_ left: SIMD2<Float>, _ right: SIMD2<Float>) -> Float {
        let step = left - right
        return (step * step).sum().squareRoot()
    }

    @Test(arguments: [
        (SIMD2<Float>(64, 60), Float(30), 128, 128), (SIMD2(200, 130), 60, 400, 300), (SIMD2(90, 300), 70, 200, 480),
        (SIMD2(300, 170), 45, 400, 260),
    ])
    func findsEyesOfALetterboxedPicture(center: SIMD2<Float>, radius: Float, width: Int, height: Int) throws {
        var picture = PixelBuffer.plain(width: width, height: height, gray: 90)
        let drawn = SyntheticFace(center: center, radius: radius)
        drawn.draw(on: &picture)
        let faces = try FaceTestModels.tiny.get().makeDetector(.short).detect(in: picture)
        let face = try #require(faces.first)
        #expect(faces.count == 1)
        #expect(face.confidence > 0.8)
        #expect(distance(face[.rightEye], drawn.rightEye) < 0.2 * radius)
        #expect(distance(face[.leftEye], drawn.leftEye) < 0.2 * radius)
        #expect(abs(face.box.width - 2 * radius) < 0.5 * radius)
    }

    @Test
    func fullRangeNetFindsASmallFace() throws {
        var picture = PixelBuffer.plain(width: 640, height: 640, gray: 90)
        let drawn = SyntheticFace(center: [420, 250], radius: 34)
        drawn.draw(on: &picture)
        let models = try FaceTestModels.tiny.get()
        #expect(try models.makeDetector(.short).detect(in: picture).isEmpty)
        let face = try #require(try models.makeDetector(.full).detect(in: picture).first)
        #expect(distance(face[.rightEye], drawn.rightEye) < 10)
        #expect(distance(face[.leftEye], drawn.leftEye) < 10)
    }

    @Test
    func partOfAPictureGivesCoordinatesOfTheWhole() throws {
        var picture = PixelBuffer.mosaic(width: 640, height: 360, seed: 3)
        let drawn = SyntheticFace(center: [560, 300], radius: 26)
        drawn.draw(on: &picture)
        let detector = try FaceTestModels.tiny.get().makeDetector(.short)
        let square = FaceBox(x: 500, y: 230, width: 130, height: 130)
        let face = try #require(try detector.detect(in: picture, square: square).first)
        #expect(distance(face[.rightEye], drawn.rightEye) < 5)
        #expect(distance(face[.leftEye], drawn.leftEye) < 5)
    }

    @Test
    func findsNothingWhereThereIsNoFace() throws {
        let detector = try FaceTestModels.tiny.get().makeDetector(.short)
        #expect(try detector.detect(in: .plain(width: 320, height: 240, gray: 128)).isEmpty)
        #expect(try detector.detect(in: .mosaic(width: 320, height: 240, seed: 5)).isEmpty)
    }

    @Test
    func anotherModelIsRefused() throws {
        let core = try FaceTestModels.core.get()
        let full = try core.load(FaceTestModels.locator.url(of: .faceFullRange))
        let error = try #require(throws: EmotionError.self) { try FaceDetector(range: .short, model: full) }
        #expect(error.code == .unsuitableModel)
    }
}
