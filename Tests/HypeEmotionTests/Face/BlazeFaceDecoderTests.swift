import HypeEmotion
import Testing

@Suite
struct BlazeFaceDecoderTests {
    @Test
    func shortRangeHasMediaPipesAnchors() {
        let anchors = BlazeFaceDecoder(range: .short).anchors
        #expect(anchors.count == 896)
        #expect(anchors[0] == SIMD2(0.5 / 16, 0.5 / 16))
        #expect(anchors[1] == anchors[0])
        #expect(anchors[2] == SIMD2(1.5 / 16, 0.5 / 16))
        #expect(anchors[511] == SIMD2(15.5 / 16, 15.5 / 16))
        #expect(anchors[512] == SIMD2(0.5 / 8, 0.5 / 8))
        #expect(anchors[517] == anchors[512])
        #expect(anchors[518] == SIMD2(1.5 / 8, 0.5 / 8))
        #expect(anchors[895] == SIMD2(7.5 / 8, 7.5 / 8))
    }

    @Test
    func fullRangeHasOneAnchorPerCellOfFourPixels() {
        let anchors = BlazeFaceDecoder(range: .full).anchors
        #expect(anchors.count == 2304)
        #expect(anchors[0] == SIMD2(0.5 / 48, 0.5 / 48))
        #expect(anchors[49] == SIMD2(1.5 / 48, 1.5 / 48))
    }

    @Test
    func boxAndPointsAreRelativeToTheAnchor() throws {
        let decoder = BlazeFaceDecoder(range: .short)
        var outputs = Outputs(decoder)
        // Anchor 512 + 6 * (3 * 8 + 5) sits at (5.5, 3.5) / 8.
        let anchor = 512 + 6 * 29
        outputs.scores[anchor] = 2
        outputs.set(anchor, [12.8, -6.4, 32, 64, 1.28, 2.56])
        let face = try #require(outputs.decode(decoder).first)
        #expect(abs(face.confidence - 0.880797) < 1e-5)
        #expect(abs(face.box.center.x - (5.5 / 8 + 0.1)) < 1e-6)
        #expect(abs(face.box.center.y - (3.5 / 8 - 0.05)) < 1e-6)
        #expect(abs(face.box.width - 0.25) < 1e-6)
        #expect(abs(face.box.height - 0.5) < 1e-6)
        #expect(abs(face[.rightEye].x - (5.5 / 8 + 0.01)) < 1e-6)
        #expect(abs(face[.rightEye].y - (3.5 / 8 + 0.02)) < 1e-6)
        #expect(face[.leftEar] == decoder.anchors[anchor])
    }

    @Test(arguments: [(Float(-0.01), 0), (0.01, 1), (1e9, 1), (-1e9, 0), (.infinity, 1)])
    func thresholdIsHalfAndExtremesAreClipped(score: Float, count: Int) {
        let decoder = BlazeFaceDecoder(range: .short)
        var outputs = Outputs(decoder)
        outputs.scores[100] = score
        outputs.set(100, [0, 0, 20, 20])
        let faces = outputs.decode(decoder)
        #expect(faces.count == count)
        #expect(faces.allSatisfy { $0.confidence > 0.5 && $0.confidence <= 1 })
    }

    @Test
    func nothingIsFoundInNotANumber() {
        let decoder = BlazeFaceDecoder(range: .short)
        var outputs = Outputs(decoder)
        outputs.scores = outputs.scores.map { _ in .nan }
        #expect(outputs.decode(decoder).isEmpty)
    }

    @Test
    func overlappingFacesAreAveragedByConfidence() {
        let merged = BlazeFaceDecoder.mergingOverlaps([
            face(x: 12, confidence: 0.3), face(x: 10, confidence: 0.9), face(x: 200, confidence: 0.6),
        ])
        #expect(merged.count == 2)
        #expect(merged[0].confidence == 0.9)
        #expect(abs(merged[0].box.x - 10.5) < 1e-4)
        #expect(abs(merged[0][.nose].x - 10.5) < 1e-4)
        #expect(merged[1] == face(x: 200, confidence: 0.6))
    }

    @Test
    func facesThatOverlapLittleStayApart() {
        // 100 wide, moved by 54: overlap 46 / 154 is below 0.3; moved by 53 it is above.
        #expect(BlazeFaceDecoder.mergingOverlaps([face(x: 0), face(x: 54)]).count == 2)
        #expect(BlazeFaceDecoder.mergingOverlaps([face(x: 0), face(x: 53)]).count == 1)
        #expect(BlazeFaceDecoder.mergingOverlaps([]).isEmpty)
    }

    private func face(x: Float, confidence: Float = 0.8) -> FaceDetection {
        FaceDetection(
            box: FaceBox(x: x, y: 0, width: 100, height: 100),
            keypoints: [SIMD2](repeating: SIMD2(x, 0), count: 6),
            confidence: confidence
        )
    }
}

/// The two output tensors of a net, all anchors silent.
private struct Outputs {
    var regressors: [Float]
    var scores: [Float]

    init(_ decoder: BlazeFaceDecoder) {
        regressors = [Float](repeating: 0, count: decoder.anchors.count * 16)
        scores = [Float](repeating: -50, count: decoder.anchors.count)
    }

    mutating func set(_ anchor: Int, _ values: [Float]) {
        for (index, value) in values.enumerated() { regressors[anchor * 16 + index] = value }
    }

    func decode(_ decoder: BlazeFaceDecoder) -> [FaceDetection] {
        decoder.decode(regressors: regressors.span, scores: scores.span)
    }
}
