import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import Testing

/// What the Python reference found, written by `Scripts/fixtures/make_attention_fixtures.py`.
struct AttentionFixture: Decodable {
    struct Found: Decodable {
        let presence: Double
        let points: [[Double]]
        let lids: [[[Double]]]
        let iris: [[[Double]]]
        let ratios: [Double]
        let pose: [Double]
        let gaze: [Double]
    }

    struct Detection: Decodable {
        let box: [Float]
        let rightEye: [Float]
        let leftEye: [Float]

        /// The same as the detector gives it; the other points are not used.
        var face: FaceDetection {
            let (right, left) = (SIMD2(rightEye[0], rightEye[1]), SIMD2(leftEye[0], leftEye[1]))
            return FaceDetection(
                box: FaceBox(x: box[0], y: box[1], width: box[2], height: box[3]),
                keypoints: [right, left, right, right, right, left],
                confidence: 0.9
            )
        }
    }

    struct Picture: Decodable, Sendable, CustomTestStringConvertible {
        let file: String
        let time: Double
        let detection: Detection
        let found: Found

        var testDescription: String { "\(file) at \(time) s" }
    }

    let kept: [Int]
    let drawn: Found
    let cut: [Double]
    let wideCut: [Double]
    let pictures: [Picture]

    static let loaded = Result {
        let url = try #require(Bundle.module.url(forResource: "Parity/attention", withExtension: "json"))
        return try JSONDecoder().decode(AttentionFixture.self, from: Data(contentsOf: url))
    }

    /// The detection of the drawn face.
    static let drawnDetection = Detection(box: [72, 52, 96, 96], rightEye: [100, 82], leftEye: [140, 86])

    /// The drawn face: soft spots, slightly turned.
    static let drawnFace: PixelBuffer = {
        let (width, height) = (240, 200)
        var bytes: [UInt8] = []
        for row in 0..<height {
            for column in 0..<width {
                func spot(_ left: Double, _ top: Double, _ wide: Double, _ high: Double) -> Double {
                    exp(-(pow((Double(column) - left) / wide, 2) + pow((Double(row) - top) / high, 2)))
                }
                var grey = 40 + 150 * min(1, 2.2 * spot(120, 104, 40, 54))
                for (left, top) in [(100.0, 82.0), (140.0, 86.0)] {
                    grey += 60 * spot(left, top, 12, 5) - 150 * spot(left, top, 5, 5)
                    grey -= 60 * spot(left, top - 13, 13, 3)
                }
                grey -= 50 * spot(119, 112, 8, 4) + 90 * spot(118, 131, 15, 4)
                bytes += [1.05, 0.9, 0.8].map { UInt8((min(255, max(0, grey * $0)) + 0.5).rounded(.down)) }
            }
        }
        return PixelBuffer(width: width, height: height, bytes: bytes)
    }()
}

/// The attention nets, loaded once for all tests.
enum AttentionTestModels {
    /// Whether `Scripts/bootstrap` has unpacked the nets.
    static let areThere =
        FaceTestModels.hasDetectors && FaceTestModels.locator.optionalURL(of: .faceLandmarks) != nil
        && FaceTestModels.locator.optionalURL(of: .irisLandmarks) != nil

    static let loaded = Result {
        try AttentionModels(core: FaceTestModels.core.get(), models: FaceTestModels.locator)
    }
}

/// Pictures without a face.
enum PlainPictures {
    static func filled(_ level: UInt8, width: Int = 240, height: Int = 200) -> PixelBuffer {
        PixelBuffer(width: width, height: height, bytes: [UInt8](repeating: level, count: width * height * 3))
    }

    /// Stripes: light, but no face.
    static let stripes: PixelBuffer = {
        var picture = filled(0)
        for index in picture.bytes.indices { picture.bytes[index] = index / 3 / 8 % 2 == 0 ? 40 : 210 }
        return picture
    }()
}
