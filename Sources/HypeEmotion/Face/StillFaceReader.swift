package import HypeCore

/// A face in a picture and what it shows.
package struct StillFace: Hashable, Sendable {
    /// Where the face is, in pixels of the picture.
    package var box: FaceBox
    /// How sure the detector is that it is a face, 0…1; nil where none was asked.
    package var confidence: Float?
    /// Calibrated probabilities of the seven basic emotions.
    package var emotion: EmotionScores
}

/// Finds the faces of single pictures and reads their expression.
///
/// Use from one thread at a time.
package final class StillFaceReader {
    /// Longest side in pixels that a picture is worth being decoded at.
    package static let usefulSide = 2048

    /// Side of the square that is searched around a face to place its eyes better, in face sides.
    private static let neighbourhood: Float = 2.2
    /// Sides of the squares that are searched, as multiples of the picture's longer side.
    ///
    /// The detector wants to see some surroundings: of pictures that a face fills, the larger squares show it.
    private static let surroundings: [Float] = [1, 1.5, 2]
    /// Faces of which at most this much is shown: a crowd is not worth minutes.
    private static let faceLimit = 32

    private let near: FaceDetector
    private let far: FaceDetector
    private let expression: ExpressionModel

    /// Creates a reader with memory of its own.
    ///
    /// - Parameter models: The nets.
    /// - Throws: ``EmotionError`` where a model file holds another model.
    package init(models: FaceModels) throws {
        near = try models.makeDetector(.short)
        far = try models.makeDetector(.full)
        expression = try models.makeSingleExpressionModel()
    }

    /// Reads the faces of a picture.
    ///
    /// - Parameter picture: The picture.
    /// - Returns: The faces, the largest and surest first; none where none is found.
    /// - Throws: `InferenceError` where a model fails to run.
    package func faces(in picture: PixelBuffer) throws -> [StillFace] {
        let found = try detect(in: picture)
        var cuts: [[Float]] = []
        var owners: [FaceDetection] = []
        for face in found.prefix(Self.faceLimit) {
            guard let cut = FaceAligner.align(picture, rightEye: face[.rightEye], leftEye: face[.leftEye]) else {
                continue
            }
            cuts.append(cut)
            owners.append(face)
        }
        return zip(owners, try expression.scores(of: cuts)).map { face, emotion in
            StillFace(box: face.box, confidence: face.confidence, emotion: emotion)
        }
    }

    /// Reads a picture that is a face and nothing else, in the framing of FER2013: brow to chin, ear to ear.
    ///
    /// The largest square in the middle is brought to 48×48; a picture of that size goes through unchanged.
    /// - Parameter picture: The picture, at least 2×2.
    /// - Returns: What the face shows; nil where the picture is too small.
    /// - Throws: `InferenceError` where the model fails to run.
    package func crop(_ picture: PixelBuffer) throws -> StillFace? {
        let side = Float(min(picture.width, picture.height))
        let corner = SIMD2(Float(picture.width) - side, Float(picture.height) - side) / 2
        let scale = side / Float(FaceAligner.side)
        guard
            let cut = FaceAligner.align(
                picture,
                rightEye: corner + FaceAligner.rightEye * scale,
                leftEye: corner + FaceAligner.leftEye * scale
            )
        else { return nil }
        return try expression.scores(of: [cut]).first.map { emotion in
            StillFace(
                box: FaceBox(x: corner.x, y: corner.y, width: side, height: side),
                confidence: nil,
                emotion: emotion
            )
        }
    }

    private func detect(in picture: PixelBuffer) throws -> [FaceDetection] {
        let whole = FaceBox(x: 0, y: 0, width: Float(picture.width), height: Float(picture.height))
        var found: [FaceDetection] = []
        for surroundings in Self.surroundings where found.isEmpty {
            let square = whole.square(scaledBy: surroundings)
            found = try near.detect(in: picture, square: square)
            // Small faces in the same square, which the short-range net does not see.
            found += try far.detect(in: picture, square: square).filter { face in
                !found.contains { $0.box.overlap(with: face.box) > Self.sameFace }
            }
        }
        let refined = try found.map { try refine($0, in: picture) }
        return refined.filter { whole.overlaps($0.box) }.sorted { Self.weight($0) > Self.weight($1) }
    }

    /// The same face as it is seen from close up, which places the eyes better; the face itself where it is not.
    private func refine(_ face: FaceDetection, in picture: PixelBuffer) throws -> FaceDetection {
        let square = face.box.square(scaledBy: Self.neighbourhood)
        let closer = try near.detect(in: picture, square: square)
            .max { $0.box.overlap(with: face.box) < $1.box.overlap(with: face.box) }
        guard var closer, closer.box.overlap(with: face.box) > Self.sameFace else { return face }
        closer.confidence = max(closer.confidence, face.confidence)
        return closer
    }

    /// Overlap above which two boxes are one face.
    private static let sameFace: Float = 0.3

    private static func weight(_ face: FaceDetection) -> Float { face.box.side * face.confidence }
}

extension FaceBox {
    /// Whether any part of two rectangles is the same.
    fileprivate func overlaps(_ other: FaceBox) -> Bool { overlap(with: other) > 0 }
}
