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
    /// Sides of the larger squares that are searched where the picture itself shows no face, as multiples of its side.
    ///
    /// The detector wants to see some surroundings, which pictures that a face fills do not have.
    private static let surroundings: [Float] = [1.5, 2]
    /// Part of the picture's shorter side that a face has at least that is found in larger squares.
    private static let fillingShare: Float = 0.5
    /// Confidence from which on a face counts that the full-range net alone sees; in random patterns it sees some up to
    /// 0.67 (20 mosaics, 2026-11-21).
    private static let sureAlone: Float = 0.75
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
        var found = try search(whole.square(scaledBy: 1), of: picture)
        for surroundings in Self.surroundings where found.isEmpty {
            let smallest = min(whole.width, whole.height) * Self.fillingShare
            found = try search(whole.square(scaledBy: surroundings), of: picture).filter { $0.box.side >= smallest }
        }
        return found.filter { whole.overlap(with: $0.box) > 0 }.sorted { Self.weight($0) > Self.weight($1) }
    }

    /// The faces in a square, seen from close up where possible, which places the eyes better.
    ///
    /// The full-range net sees small faces that the other does not, but also faces in patterns: what it alone sees counts
    /// only where it is sure.
    private func search(_ square: FaceBox, of picture: PixelBuffer) throws -> [FaceDetection] {
        var found = try near.detect(in: picture, square: square).map { try closer($0, in: picture) ?? $0 }
        for face in try far.detect(in: picture, square: square) {
            if found.contains(where: { $0.box.overlap(with: face.box) > Self.sameFace }) { continue }
            if let closer = try closer(face, in: picture) {
                found.append(closer)
            } else if face.confidence >= Self.sureAlone {
                found.append(face)
            }
        }
        return found
    }

    /// The same face as the short-range net sees it in a square around it; nil where it sees none.
    private func closer(_ face: FaceDetection, in picture: PixelBuffer) throws -> FaceDetection? {
        let square = face.box.square(scaledBy: Self.neighbourhood)
        let candidate = try near.detect(in: picture, square: square)
            .max { $0.box.overlap(with: face.box) < $1.box.overlap(with: face.box) }
        guard var closer = candidate, closer.box.overlap(with: face.box) > Self.sameFace else { return nil }
        closer.confidence = max(closer.confidence, face.confidence)
        return closer
    }

    /// Overlap above which two boxes are one face.
    private static let sameFace: Float = 0.3

    private static func weight(_ face: FaceDetection) -> Float { face.box.side * face.confidence }
}
