/// Joins the probabilities of face and voice.
///
/// A branch that is missing, or unsure where the other is sure, drops out; the other one is then calibrated for itself.
package struct LateFusion: Sendable {
    private let pools: [FusionWay: OpinionPool]

    /// Creates a fusion.
    ///
    /// - Parameter description: The numbers of `Models/fusion.json`.
    package init(_ description: FusionDescription) {
        pools = description.late
    }

    /// Creates a fusion from pools.
    ///
    /// - Parameters:
    ///   - both: Answers where both branches count.
    ///   - face: Answers where only the face does; its share of the voice is 0.
    ///   - voice: Answers where only the voice does; its share of the face is 0.
    package init(both: OpinionPool, face: OpinionPool, voice: OpinionPool) {
        pools = [.both: both, .face: face, .voice: voice]
    }

    /// Joins two readings.
    ///
    /// - Parameters:
    ///   - face: What the face says; nil where there is none.
    ///   - voice: What the voice says; nil where there is none.
    /// - Returns: What both say together; nil where both are missing.
    /// - Throws: Nothing; early fusion, which can be chosen instead, may.
    package func fuse(face: BranchReading?, voice: BranchReading?) throws -> FusedReading? {
        guard let way = FusionWay.chosen(face: face, voice: voice), let pool = pools[way] else { return nil }
        return FusedReading(
            scores: pool.scores(face: face?.scores, voice: voice?.scores),
            threshold: Float(pool.threshold),
            shares: (Float(pool.shares.face), Float(pool.shares.voice))
        )
    }
}
