import HypeCore

/// Finds all faces of a picture, near and far, and places their eyes as well as it can.
///
/// Use from one thread at a time.
final class FaceSearch {
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
    /// Overlap above which two boxes are one face.
    private static let sameFace: Float = 0.3

    private let near: FaceDetector
    private let far: FaceDetector

    /// Creates a search with memory of its own.
    init(models: FaceModels) throws {
        near = try models.makeDetector(.short)
        far = try models.makeDetector(.full)
    }

    /// All faces of a picture, the largest and surest first.
    func all(in picture: PixelBuffer) throws -> [FaceDetection] {
        let whole = FaceBox(x: 0, y: 0, width: Float(picture.width), height: Float(picture.height))
        var found = try search(whole.square(scaledBy: 1), of: picture)
        for surroundings in Self.surroundings where found.isEmpty {
            let smallest = min(whole.width, whole.height) * Self.fillingShare
            found = try search(whole.square(scaledBy: surroundings), of: picture).filter { $0.box.side >= smallest }
        }
        return found.filter { whole.overlap(with: $0.box) > 0 }.sorted { Self.weight($0) > Self.weight($1) }
    }

    /// The face that is near a place where one was before.
    ///
    /// - Parameters:
    ///   - box: Where the face was.
    ///   - picture: The picture.
    /// - Returns: The face that is most like it in place and size; nil where there is none.
    /// - Throws: `InferenceError` where the model fails to run.
    func face(near box: FaceBox, in picture: PixelBuffer) throws -> FaceDetection? {
        try near.detect(in: picture, square: box.square(scaledBy: Self.neighbourhood))
            .max { Self.likeness($0.box, box) < Self.likeness($1.box, box) }
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

    private static func weight(_ face: FaceDetection) -> Float { face.box.side * face.confidence }

    /// How much a box is like another in place and size; only good for comparing.
    private static func likeness(_ box: FaceBox, _ other: FaceBox) -> Float {
        let step = box.center - other.center
        let distance = (step * step).sum().squareRoot() / max(1, other.side)
        return box.overlap(with: other) - distance
    }
}
