import Foundation
import HypeCore
import HypeEmotion
import Testing

@Suite
struct FaceAlignerTests {
    /// A grey picture with a white disc at each eye.
    private func picture(rightEye: SIMD2<Float>, leftEye: SIMD2<Float>, radius: Float) -> PixelBuffer {
        var picture = PixelBuffer.plain(width: 320, height: 240, gray: 60)
        for y in 0..<240 {
            for x in 0..<320 {
                for eye in [rightEye, leftEye] {
                    let step = SIMD2(Float(x), Float(y)) + 0.5 - eye
                    guard (step * step).sum() < radius * radius else { continue }
                    for channel in 0..<3 { picture.bytes[(y * 320 + x) * 3 + channel] = 255 }
                }
            }
        }
        return picture
    }

    /// Middle of what is bright on one side of a cut.
    private func brightMiddle(_ cut: [Float], columns: Range<Int>) -> SIMD2<Float> {
        var sum = SIMD2<Float>.zero
        var weight: Float = 0
        for y in 0..<48 {
            for x in columns {
                let bright = max(0, cut[y * 48 + x] - 60)
                sum += SIMD2(Float(x) + 0.5, Float(y) + 0.5) * bright
                weight += bright
            }
        }
        return sum / weight
    }

    @Test(arguments: [(Float(0), Float(18)), (0, 70), (0.5, 40), (-0.7, 90), (0.2, 25)])
    func eyesComeToLieOnTheTemplate(turn: Float, distance: Float) throws {
        let half = SIMD2(cos(turn), sin(turn)) * (distance / 2)
        let (rightEye, leftEye) = (SIMD2<Float>(150, 110) - half, SIMD2<Float>(150, 110) + half)
        let picture = picture(rightEye: rightEye, leftEye: leftEye, radius: distance / 6)
        let cut = try #require(FaceAligner.align(picture, rightEye: rightEye, leftEye: leftEye))
        #expect(cut.count == 48 * 48)
        let right = brightMiddle(cut, columns: 0..<24) - FaceAligner.rightEye
        let left = brightMiddle(cut, columns: 24..<48) - FaceAligner.leftEye
        #expect((right * right).sum().squareRoot() < 0.25)
        #expect((left * left).sum().squareRoot() < 0.25)
    }

    @Test
    func finePatternsAreAveragedAndDoNotAlias() throws {
        var picture = PixelBuffer.plain(width: 400, height: 400, gray: 0)
        for index in 0..<400 * 400 where (index % 400 + index / 400).isMultiple(of: 2) {
            for channel in 0..<3 { picture.bytes[index * 3 + channel] = 200 }
        }
        let cut = try #require(FaceAligner.align(picture, rightEye: [140, 160], leftEye: [260, 160]))
        #expect(cut.allSatisfy { abs($0 - 100) < 12 })
    }

    @Test(
        arguments: zip([[255, 0, 0], [0, 255, 0], [0, 0, 255]] as [[UInt8]], [76.245, 149.685, 29.07] as [Float])
    )
    func greyIsLumaOfBT601(color: [UInt8], luma: Float) throws {
        let picture = PixelBuffer(width: 64, height: 64, bytes: (0..<64 * 64).flatMap { _ in color })
        let cut = try #require(FaceAligner.align(picture, rightEye: [20, 25], leftEye: [40, 25]))
        #expect(cut.allSatisfy { abs($0 - luma) < 0.01 })
    }

    @Test
    func edgeGoesOnOutsideThePicture() throws {
        let picture = PixelBuffer.plain(width: 30, height: 30, gray: 123)
        let cut = try #require(FaceAligner.align(picture, rightEye: [-40, 5], leftEye: [20, 60]))
        #expect(cut.allSatisfy { abs($0 - 123) < 0.01 })
    }

    @Test
    func eyesAtOnePointGiveNothing() {
        let picture = PixelBuffer.plain(width: 30, height: 30, gray: 123)
        #expect(FaceAligner.align(picture, rightEye: [10, 10], leftEye: [11, 10]) == nil)
        #expect(FaceAligner.align(picture, rightEye: [.nan, 10], leftEye: [11, 10]) == nil)
    }
}
