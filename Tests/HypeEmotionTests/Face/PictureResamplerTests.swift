import HypeCore
import HypeEmotion
import Testing

/// The filter against Pillow 13 (`resize` with `BILINEAR` and `box`, which antialiases) on a picture that a formula makes.
@Suite
struct PictureResamplerTests {
    private let picture: PixelBuffer = {
        var bytes: [UInt8] = []
        for y in 0..<30 {
            for x in 0..<50 {
                bytes += [x * 5 + y * 3, x * y, x * x + y].map { UInt8(truncatingIfNeeded: $0) }
            }
        }
        return PixelBuffer(width: 50, height: 30, bytes: bytes)
    }()

    private func resample(_ picture: PixelBuffer, _ square: FaceBox, side: Int) -> [[Float]] {
        var values = [Float](repeating: .nan, count: side * side * 3)
        var resampler = PictureResampler(side: side)
        var span = values.mutableSpan
        resampler.fill(&span, from: picture, square: square)
        return (0..<side * side).map { pixel in (0..<3).map { (values[pixel * 3 + $0] + 1) * 127.5 } }
    }

    @Test(arguments: [(0, 0, [Float(29), 12, 20]), (5, 3, [131, 190, 118]), (7, 7, [197, 91, 138])])
    func reducesLikePillow(x: Int, y: Int, expected: [Float]) {
        let pixels = resample(picture, FaceBox(x: 3, y: 2, width: 24, height: 24), side: 8)
        for (value, golden) in zip(pixels[y * 8 + x], expected) { #expect(abs(value - golden) < 0.6) }
    }

    @Test
    func outsideThePictureIsBlack() {
        let pixels = resample(picture, FaceBox(x: -5, y: -10, width: 56, height: 56), side: 16)
        #expect(pixels[0].allSatisfy { abs($0) < 1e-3 })
        #expect(pixels[15 * 16 + 3].allSatisfy { abs($0) < 1e-3 })
        let inside: [Float] = [0.40360144, 0.31886224, 0.00760304]
        for (value, golden) in zip(pixels[8 * 16 + 8], inside) { #expect(abs(value / 127.5 - 1 - golden) < 1e-4) }
        let edge: [Float] = [-0.87388915, -0.26420201, -0.53746723]
        for (value, golden) in zip(pixels[5 * 16 + 15], edge) { #expect(abs(value / 127.5 - 1 - golden) < 1e-4) }
    }

    @Test
    func enlargingAPlainPictureKeepsItsColour() {
        let plain = PixelBuffer.plain(width: 4, height: 4, gray: 200)
        let pixels = resample(plain, FaceBox(x: 1, y: 1, width: 2, height: 2), side: 32)
        #expect(pixels.allSatisfy { $0.allSatisfy { abs($0 - 200) < 0.01 } })
    }

    @Test
    func squareFarOutsideIsAllBlack() {
        let pixels = resample(picture, FaceBox(x: 500, y: -900, width: 64, height: 64), side: 8)
        #expect(pixels.allSatisfy { $0.allSatisfy { abs($0) < 1e-3 } })
    }
}
