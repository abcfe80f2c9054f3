package import HypeCore
package import HypeEvaluation

/// Where labelled files come from.
package enum EvaluationSource: Hashable, Sendable {
    /// A CSV file with the columns path and emotion.
    case manifest(String)
    /// A folder of a public collection.
    case dataset(Dataset, folder: String)
}

/// What `evaluate` is asked to do.
package struct EvaluationOptions: Sendable {
    /// Where files come from, at least one; each is measured apart.
    package var sources: [EvaluationSource]
    /// Whether pictures are faces that were cut out already.
    package var isCropped = false
    /// The classes to tell apart; empty for all.
    package var labels: [Emotion] = []
    /// Confidence below which to abstain, 0…1; nil for that of each model.
    package var threshold: Double?
    /// Which tracks are judged and which labels count.
    package var dataset = DatasetOptions()
    /// Number of folds to deal the speakers to; nil for none.
    package var folds: Int?
    /// Table of folds: written where ``folds`` is given, else read.
    package var foldFile: String?
    /// Manifest of the files that a net was trained on, whose speakers must not be tested; or nil.
    package var trainedOn: String?
    /// Whether speakers that taught the net are tested all the same, and marked.
    package var allowsTrained = false

    /// Creates options with everything but the sources as it is by default.
    package init(sources: [EvaluationSource]) {
        self.sources = sources
    }
}
