import HypeCore
import HypeEmotion
import Testing

@Suite(.enabled(if: FaceTestModels.hasDetectors, "needs Scripts/bootstrap"))
struct StillFaceReaderTests {
    @Test
    func findsEveryFaceAndBeginsWithTheLargest() throws {
        var picture = PixelBuffer.plain(width: 900, height: 600, gray: 90)
        let large = SyntheticFace(center: [260, 300], radius: 130)
        let small = SyntheticFace(center: [680, 200], radius: 60, mouth: 1)
        large.draw(on: &picture)
        small.draw(on: &picture)
        let faces = try StillFaceReader(models: FaceTestModels.tiny.get()).faces(in: picture)
        #expect(faces.count == 2)
        for (face, drawn) in zip(faces, [large, small]) {
            let step = face.box.center - drawn.center
            #expect((step * step).sum().squareRoot() < drawn.radius / 2)
            #expect(face.confidence ?? 0 > 0.5)
        }
        #expect(faces.map(\.emotion.dominant) == [.neutral, .surprise])
    }

    @Test
    func findsAFaceThatFillsThePicture() throws {
        var picture = PixelBuffer.plain(width: 120, height: 130, gray: 90)
        SyntheticFace(center: [60, 62], radius: 58).draw(on: &picture)
        let faces = try StillFaceReader(models: FaceTestModels.tiny.get()).faces(in: picture)
        #expect(faces.count == 1)
    }

    @Test
    func findsNothingWhereNothingIs() throws {
        let reader = try StillFaceReader(models: FaceTestModels.tiny.get())
        #expect(try reader.faces(in: .plain(width: 320, height: 240, gray: 128)).isEmpty)
        #expect(try reader.faces(in: .mosaic(width: 320, height: 240, seed: 5)).isEmpty)
        #expect(try reader.faces(in: .plain(width: 1, height: 1, gray: 128)).isEmpty)
    }

    @Test(arguments: [(48, 48), (96, 96), (480, 480), (96, 130), (130, 96)])
    func cropIsReadAtAnySize(width: Int, height: Int) throws {
        let side = Float(min(width, height))
        let reader = try StillFaceReader(models: FaceTestModels.tiny.get())
        for (mouth, emotion) in [(Float(0), Emotion.neutral), (1, .surprise)] {
            var picture = PixelBuffer.plain(width: width, height: height, gray: 90)
            // The template's eyes are 17.8 of 48 pixels apart, a drawn face's 0.8 of its radius.
            let radius = side * 17.8 / 48 / 0.8
            let eyes = SIMD2(Float(width) / 2, Float(height) / 2 - side * 5.2 / 48)
            SyntheticFace(center: eyes + SIMD2(0, 0.2 * radius), radius: radius, mouth: mouth).draw(on: &picture)
            let face = try #require(try reader.crop(picture))
            #expect(face.emotion.dominant == emotion)
            #expect(face.confidence == nil)
            #expect(face.box.width == side && face.box.height == side)
        }
    }

    @Test
    func cropThatIsTooSmallHasNoAnswer() throws {
        let reader = try StillFaceReader(models: FaceTestModels.tiny.get())
        #expect(try reader.crop(.plain(width: 1, height: 1, gray: 90)) == nil)
    }
}
