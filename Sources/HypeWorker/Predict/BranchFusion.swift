import HypeCore
import HypeEmotion
import HypeInference
import HypeWorkerLink

/// Joins what face and voice say, in the way that was asked for.
struct BranchFusion {
    /// What one branch says, before its threshold is known.
    struct Branch: Sendable {
        var scores: EmotionScores
        var embedding: [Float] = []
    }

    private let fuse: (BranchReading?, BranchReading?) throws -> FusedReading?
    private let faceThreshold: Float
    private let voiceThreshold: Float

    /// Prepares the fusion.
    ///
    /// - Throws: `InferenceError` where the fusion is not installed, ``EmotionError`` where early fusion is asked for and does
    ///   not fit the installed nets; what is asked for by name is never replaced by something else.
    init(_ method: PredictWish.Fusion, shelf: Shelf) throws {
        let models = try shelf.fusionModels()
        switch method {
        case .late:
            let late = models.late
            fuse = { try late.fuse(face: $0, voice: $1) }
        case .early:
            let early = try models.makeEarly()
            fuse = { try early.fuse(face: $0, voice: $1) }
        }
        faceThreshold = Float(try shelf.identity(of: .faceExpression).threshold)
        voiceThreshold = Float(try shelf.identity(of: .voiceEmotion).threshold)
    }

    /// Joins two branches; nil where both are missing.
    func join(face: Branch?, voice: Branch?) throws -> JoinedReading? {
        let fused = try fuse(
            face.map { Self.reading($0, threshold: faceThreshold) },
            voice.map { Self.reading($0, threshold: voiceThreshold) }
        )
        return fused.map { fused in
            JoinedReading(
                scores: fused.scores,
                threshold: Double(fused.threshold),
                faceShare: Double(fused.shares.face)
            )
        }
    }

    private static func reading(_ branch: Branch, threshold: Float) -> BranchReading {
        BranchReading(scores: branch.scores.basic, embedding: branch.embedding, threshold: threshold)
    }
}
