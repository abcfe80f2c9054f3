/// Tells a portrait that is part of the picture from a living face.
///
/// A portrait in a game's display or an overlay gives the same pixels at the same place in every picture; a living face
/// never does, however still the person sits.
enum Stillness {
    /// Mean difference of grey levels up to which two cuts are one still picture.
    ///
    /// Measured on two webcam recordings (2026-11-21): the median for a living face is 9 at one second's distance and 16
    /// to 24 from five seconds on; recompression of a still picture stays below this limit.
    static let limit: Float = 3.5
    /// Radius of the disc that is compared, in pixels of a 48×48 cut; hair and background lie outside.
    private static let radius: Float = 15
    /// Middle of the disc: the nose.
    private static let middle = SIMD2<Float>(24, 25)

    /// The median difference of neighbouring cuts.
    ///
    /// - Parameter cuts: Cuts of different pictures at one place; grey 0…255, shape `[48, 48]`.
    /// - Returns: Mean absolute difference of grey levels inside the face; nil for fewer than three cuts.
    static func difference(of cuts: [[Float]]) -> Float? {
        guard cuts.count >= 3 else { return nil }
        let differences = zip(cuts, cuts.dropFirst()).map { difference($0, $1) }.sorted()
        return differences[differences.count / 2]
    }

    private static func difference(_ left: [Float], _ right: [Float]) -> Float {
        var sum: Float = 0
        var count: Float = 0
        for y in 0..<FaceAligner.side {
            for x in 0..<FaceAligner.side {
                let step = SIMD2(Float(x), Float(y)) + 0.5 - middle
                guard (step * step).sum() < radius * radius else { continue }
                sum += abs(left[y * FaceAligner.side + x] - right[y * FaceAligner.side + x])
                count += 1
            }
        }
        return sum / count
    }
}
