package import HypeCore

/// A face in a picture and what it shows.
package struct StillFace: Hashable, Sendable {
    /// Where the face is, in pixels of the picture.
    package var box: FaceBox
    /// How sure the detector is that it is a face, 0…1; nil where none was asked.
    package var confidence: Float?
    /// Calibrated probabilities of the seven basic emotions.
    package var emotion: EmotionScores
    /// What the net told it from; empty where it does not say.
    package var embedding: [Float]
    /// What the net saw: grey 0…255, shape `[48, 48]`, row-major.
    package var cut: [Float]
}

/// Finds the faces of single pictures and reads their expression.
///
/// Use from one thread at a time.
package final class StillFaceReader {
    /// Longest side in pixels that a picture is worth being decoded at.
    package static let usefulSide = 2048

    /// Faces of which at most this much is shown: a crowd is not worth minutes.
    private static let faceLimit = 32

    private let search: FaceSearch
    private let expression: ExpressionModel

    /// Creates a reader with memory of its own.
    ///
    /// - Parameter models: The nets.
    /// - Throws: ``EmotionError`` where a model file holds another model.
    package init(models: FaceModels) throws {
        search = try FaceSearch(models: models)
        expression = try models.makeSingleExpressionModel()
    }

    /// Reads the faces of a picture.
    ///
    /// - Parameter picture: The picture.
    /// - Returns: The faces, the largest and surest first; none where none is found.
    /// - Throws: `InferenceError` where a model fails to run.
    package func faces(in picture: PixelBuffer) throws -> [StillFace] {
        let found = try search.all(in: picture)
        var cuts: [[Float]] = []
        var owners: [FaceDetection] = []
        for face in found.prefix(Self.faceLimit) {
            guard let cut = FaceAligner.align(picture, rightEye: face[.rightEye], leftEye: face[.leftEye]) else {
                continue
            }
            cuts.append(cut)
            owners.append(face)
        }
        return zip(zip(owners, cuts), try expression.readings(of: cuts)).map { face, reading in
            StillFace(
                box: face.0.box,
                confidence: face.0.confidence,
                emotion: reading.scores,
                embedding: reading.embedding,
                cut: face.1
            )
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
        return try expression.readings(of: [cut]).first.map { reading in
            StillFace(
                box: FaceBox(x: corner.x, y: corner.y, width: side, height: side),
                confidence: nil,
                emotion: reading.scores,
                embedding: reading.embedding,
                cut: cut
            )
        }
    }
}
