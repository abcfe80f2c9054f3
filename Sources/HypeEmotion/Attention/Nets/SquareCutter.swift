package import HypeCore

/// Cuts turned squares out of pictures for a net's input.
///
/// Bilinear samples with the picture's edge repeated, as in MediaPipe's graphs `face_landmark_cpu` and
/// `iris_landmark_cpu` (github.com/google-ai-edge/mediapipe, v0.10.21). Other than there, a cut that is reduced averages
/// several samples per pixel, so that large faces do not alias.
package struct SquareCutter: Sendable {
    /// Side of the net's input in pixels.
    package let side: Int

    /// Creates a cutter.
    ///
    /// - Parameter side: Side of the net's input in pixels, at least 1.
    package init(side: Int) {
        self.side = side
    }

    /// Most samples per pixel and axis; beyond a reduction of this factor some pixels are skipped.
    static let mostSamples: Float = 4

    /// Fills an input tensor.
    ///
    /// - Parameters:
    ///   - output: Receives RGB, 0…1. Shape `[side, side, 3]`.
    ///   - picture: The picture, at least 1×1.
    ///   - square: What to cut.
    package func fill(_ output: inout MutableSpan<Float>, from picture: PixelBuffer, square: TurnedSquare) {
        let steps = Int(min(Self.mostSamples, max(1, (square.side / Float(side)).rounded(.up))))
        let count = Float(side * steps)
        let (across, down) = (square.across / count, square.down / count)
        // The first sample, moved by half a pixel so that whole numbers are the middles of pixels.
        let corner = square.picturePoint(SIMD2<Float>.zero) + (across + down) * 0.5 - SIMD2<Float>(repeating: 0.5)
        let last = SIMD2(Float(picture.width - 1), Float(picture.height - 1))
        let scale = 1 / (255 * Float(steps * steps))
        let (width, height) = (picture.width, picture.height)
        picture.bytes.withUnsafeBufferPointer { bytes in
            var target = 0
            for y in 0..<side {
                for x in 0..<side {
                    var sum = SIMD4<Float>.zero
                    for step in 0..<steps * steps {
                        let column = Float(x * steps + step % steps)
                        let row = Float(y * steps + step / steps)
                        let point = (corner + across * column + down * row).clamped(lowerBound: .zero, upperBound: last)
                        let left = min(Int(point.x), max(0, width - 2))
                        let top = min(Int(point.y), max(0, height - 2))
                        let right = min(left + 1, width - 1)
                        let below = min(top + 1, height - 1) * width
                        let part = point - SIMD2(Float(left), Float(top))
                        let upper = Self.mix(bytes, top * width + left, top * width + right, part.x)
                        let lower = Self.mix(bytes, below + left, below + right, part.x)
                        sum += upper + (lower - upper) * part.y
                    }
                    sum *= scale
                    output[target] = sum.x
                    output[target + 1] = sum.y
                    output[target + 2] = sum.z
                    target += 3
                }
            }
        }
    }

    @inline(__always)
    private static func mix(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ left: Int,
        _ right: Int,
        _ part: Float
    )
        -> SIMD4<Float>
    {
        let first = SIMD4<Float>(
            Float(bytes[left * 3]),
            Float(bytes[left * 3 + 1]),
            Float(bytes[left * 3 + 2]),
            0
        )
        let second = SIMD4<Float>(
            Float(bytes[right * 3]),
            Float(bytes[right * 3 + 1]),
            Float(bytes[right * 3 + 2]),
            0
        )
        return first + (second - first) * part
    }
}
