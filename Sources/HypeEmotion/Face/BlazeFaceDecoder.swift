import Foundation

/// Turns BlazeFace's raw outputs into faces.
///
/// Anchors, box decoding and weighted non-maximum suppression follow MediaPipe's `SsdAnchorsCalculator`,
/// `TensorsToDetectionsCalculator` and `NonMaxSuppressionCalculator` with the options of its graphs
/// `face_detection_short_range` and `face_detection_full_range` (github.com/google-ai-edge/mediapipe,
/// mediapipe/modules/face_detection, v0.10.21): one square anchor of fixed size per step and layer, offset 0.5, sigmoid
/// scores clipped at ±100, suppression above an overlap of 0.3, survivors averaged by score.
package struct BlazeFaceDecoder: Sendable {
    /// Which of the two nets the outputs come from.
    package enum Range: String, Sendable {
        /// 128×128 input, faces within about two metres of the camera.
        case short
        /// 192×192 input, the sparse variant, faces within about five metres.
        case full
    }

    /// Side of the net's square input in pixels.
    package let inputSide: Int
    /// Centres of the anchors in the net's input, 0…1, in the order of its outputs.
    package let anchors: [SIMD2<Float>]
    /// Lowest score of a face, 0…1.
    package let minimumScore: Float

    /// Overlap above which two boxes are one face.
    static let suppressionOverlap: Float = 0.3
    /// Numbers per anchor in the regressors: centre x, y, width, height, then six points.
    static let regressorsPerAnchor = 4 + 2 * FaceKeypoint.allCases.count

    /// Creates the decoder of one net with MediaPipe's thresholds.
    package init(range: Range) {
        switch range {
        case .short:
            inputSide = 128
            anchors = Self.anchors(inputSide: 128, layers: [(stride: 8, perCell: 2), (stride: 16, perCell: 6)])
            minimumScore = 0.5
        case .full:
            inputSide = 192
            anchors = Self.anchors(inputSide: 192, layers: [(stride: 4, perCell: 1)])
            minimumScore = 0.6
        }
    }

    private static func anchors(inputSide: Int, layers: [(stride: Int, perCell: Int)]) -> [SIMD2<Float>] {
        layers.flatMap { layer in
            let cells = inputSide / layer.stride
            return (0..<cells * cells).flatMap { cell in
                let center = SIMD2(Float(cell % cells) + 0.5, Float(cell / cells) + 0.5) / Float(cells)
                return repeatElement(center, count: layer.perCell)
            }
        }
    }

    /// Decodes one picture's outputs.
    ///
    /// - Parameters:
    ///   - regressors: Shape `[anchors, 16]`, in input pixels relative to the anchor.
    ///   - scores: Shape `[anchors]`, before the sigmoid.
    /// - Returns: Faces in coordinates of the net's input, 0…1, the surest first; overlapping ones already merged.
    package func decode(regressors: Span<Float>, scores: Span<Float>) -> [FaceDetection] {
        // The sigmoid is monotonic: candidates are picked before it, most anchors never reach the exponential.
        let threshold = log(minimumScore / (1 - minimumScore))
        var candidates: [FaceDetection] = []
        for index in 0..<min(anchors.count, scores.count) where scores[index] >= threshold {
            candidates.append(face(at: index, regressors: regressors, score: scores[index]))
        }
        return Self.mergingOverlaps(candidates)
    }

    private func face(at index: Int, regressors: Span<Float>, score: Float) -> FaceDetection {
        let offset = index * Self.regressorsPerAnchor
        let scale = 1 / Float(inputSide)
        let anchor = anchors[index]
        let center = SIMD2(regressors[offset], regressors[offset + 1]) * scale + anchor
        let size = SIMD2(regressors[offset + 2], regressors[offset + 3]) * scale
        let keypoints = FaceKeypoint.allCases.map { keypoint in
            let place = offset + 4 + 2 * keypoint.rawValue
            return SIMD2(regressors[place], regressors[place + 1]) * scale + anchor
        }
        return FaceDetection(
            box: FaceBox(x: center.x - size.x / 2, y: center.y - size.y / 2, width: size.x, height: size.y),
            keypoints: keypoints,
            confidence: 1 / (1 + exp(-min(100, max(-100, score))))
        )
    }

    /// Merges faces that overlap into one, averaged by their confidence (weighted non-maximum suppression).
    ///
    /// - Parameter faces: Candidates in any order.
    /// - Returns: One face per group with the group's highest confidence, the surest first.
    package static func mergingOverlaps(_ faces: [FaceDetection]) -> [FaceDetection] {
        var remaining = faces.enumerated()
            .sorted { ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset) }
            .map(\.element)
        var merged: [FaceDetection] = []
        while let best = remaining.first {
            let group = remaining.indices.filter {
                $0 == 0 || best.box.overlap(with: remaining[$0].box) > suppressionOverlap
            }
            merged.append(average(group.map { remaining[$0] }, confidence: best.confidence))
            let kept = remaining.indices.filter { !group.contains($0) }
            remaining = kept.map { remaining[$0] }
        }
        return merged
    }

    private static func average(_ faces: [FaceDetection], confidence: Float) -> FaceDetection {
        let total = faces.reduce(0) { $0 + $1.confidence }
        let mean = { (value: (FaceDetection) -> Float) -> Float in
            faces.reduce(0) { $0 + value($1) * $1.confidence } / total
        }
        let left = mean { $0.box.x }
        let top = mean { $0.box.y }
        let keypoints = FaceKeypoint.allCases.map { keypoint in
            faces.reduce(SIMD2<Float>.zero) { $0 + $1[keypoint] * $1.confidence } / total
        }
        return FaceDetection(
            box: FaceBox(x: left, y: top, width: mean { $0.box.width }, height: mean { $0.box.height }),
            keypoints: keypoints,
            confidence: confidence
        )
    }
}
