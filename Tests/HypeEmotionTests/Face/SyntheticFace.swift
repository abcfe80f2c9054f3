import Foundation
import HypeCore
import HypeEmotion

/// A drawn face that BlazeFace takes for one (score about 0.93), so tests need no picture of a person.
struct SyntheticFace {
    /// Middle of the face in pixels.
    var center: SIMD2<Float>
    /// Half the width of the head in pixels.
    var radius: Float
    /// How far the mouth is open, 0 (closed) to 1.
    var mouth: Float = 0

    /// Where the person's right eye is drawn.
    var rightEye: SIMD2<Float> { center + SIMD2(-0.4, -0.2) * radius }
    /// Where the person's left eye is drawn.
    var leftEye: SIMD2<Float> { center + SIMD2(0.4, -0.2) * radius }

    /// Draws the face over a picture.
    func draw(on picture: inout PixelBuffer) {
        let reach = radius * 2.6
        let rows = clamp(center.y - reach, center.y + reach, limit: picture.height)
        let columns = clamp(center.x - reach, center.x + reach, limit: picture.width)
        for y in rows {
            for x in columns {
                let place = (SIMD2(Float(x), Float(y)) + 0.5 - center) / radius
                let offset = (y * picture.width + x) * 3
                let under = SIMD3(
                    Float(picture.bytes[offset]),
                    Float(picture.bytes[offset + 1]),
                    Float(picture.bytes[offset + 2])
                )
                let color = shade(place, over: under)
                for channel in 0..<3 { picture.bytes[offset + channel] = UInt8(min(255, max(0, color[channel]))) }
            }
        }
    }

    private func clamp(_ low: Float, _ high: Float, limit: Int) -> Range<Int> {
        let start = min(max(0, Int(low)), limit)
        return start..<max(start, min(limit, Int(high)))
    }

    private func shade(_ place: SIMD2<Float>, over under: SIMD3<Float>) -> SIMD3<Float> {
        var color = under
        let (u, v) = (place.x, place.y)
        func blend(
            _ x: Float,
            _ y: Float,
            _ a: Float,
            _ b: Float,
            ink: SIMD3<Float>,
            edge: Float = 12,
            part: Float = 1
        ) {
            let distance = (((u - x) / a) * ((u - x) / a) + ((v - y) / b) * ((v - y) / b)).squareRoot()
            let cover = min(1, max(0, (1 - distance) * edge + 0.5)) * part
            if cover > 0 { color = color * (1 - cover) + ink * cover }
        }
        let light = 225 - 35 * min(1, u * u)
        blend(0, -0.15, 1.12, 1.5, ink: SIMD3(60, 40, 30))
        blend(0, 1.75, 0.55, 0.8, ink: SIMD3(190, 140, 115))
        blend(0, 0.1, 0.95, 1.3, ink: SIMD3(light, light * 0.76, light * 0.64))
        for side: Float in [-1, 1] {
            blend(side * 0.4, -0.22, 0.26, 0.16, ink: SIMD3(120, 80, 65), edge: 6, part: 0.5)
            blend(side * 0.4, -0.2, 0.2, 0.1, ink: SIMD3(240, 238, 235))
            blend(side * 0.4, -0.2, 0.1, 0.1, ink: SIMD3(50, 35, 30))
            blend(side * 0.4, -0.45, 0.3, 0.07, ink: SIMD3(60, 42, 35), edge: 5)
            blend(side * 0.1, 0.3, 0.05, 0.03, ink: SIMD3(90, 50, 45))
        }
        blend(0, 0.22, 0.17, 0.14, ink: SIMD3(140, 90, 75), edge: 4, part: 0.45)
        blend(0, 0.05, 0.07, 0.3, ink: SIMD3(250, 220, 200), edge: 4, part: 0.35)
        blend(0, 0.68, 0.36, 0.11 + 0.2 * mouth, ink: SIMD3(165, 75, 75), edge: 6)
        blend(0, 0.68, 0.3, 0.02 + 0.2 * mouth, ink: SIMD3(90, 40, 40), edge: 4)
        return color
    }
}

extension PixelBuffer {
    /// A picture of one colour.
    static func plain(width: Int, height: Int, gray: UInt8) -> PixelBuffer {
        PixelBuffer(width: width, height: height, bytes: [UInt8](repeating: gray, count: width * height * 3))
    }

    /// A restless picture without faces, the same for the same seed: coarse coloured tiles.
    static func mosaic(width: Int, height: Int, seed: UInt64, tile: Int = 12) -> PixelBuffer {
        var picture = plain(width: width, height: height, gray: 0)
        let columns = width / tile + 1
        for y in 0..<height {
            for x in 0..<width {
                var hash = seed &+ UInt64((y / tile) * columns + x / tile) &* 0x9E37_79B9_7F4A_7C15
                hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
                hash ^= hash >> 27
                for channel in 0..<3 {
                    let level = UInt8(truncatingIfNeeded: hash >> (8 * UInt64(channel)))
                    picture.bytes[(y * width + x) * 3 + channel] = 40 + level / 2
                }
            }
        }
        return picture
    }

    /// The picture as a frame that shows a whole source of the same size.
    func frame(at seconds: Double) -> VideoFrame {
        VideoFrame(
            time: MediaTime(seconds: seconds),
            image: self,
            region: PixelRegion(x: 0, y: 0, width: width, height: height)
        )
    }
}
