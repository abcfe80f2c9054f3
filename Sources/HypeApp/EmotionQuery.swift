import HypeWorkerLink

/// What is wanted to know about files, as a person at a terminal asks it.
package struct EmotionQuery: Sendable {
    /// How face and voice are joined.
    package enum Fusion: String, CaseIterable, Sendable {
        case late, early
    }

    /// The files, each judged by itself; at least one.
    package var files: [String]
    /// Whether pictures are faces that were cut out already, so that none is looked for.
    package var isCropped = false
    /// How face and voice are joined.
    package var fusion = Fusion.late
    /// Whether every reading of every face is wanted, sixteen a second.
    package var wantsTracks = false
    /// Whether the pictures that the nets saw are wanted too.
    package var explains = false
    /// Whether attention and drowsiness of the largest face of films are measured too.
    package var wantsAttention = false
    /// Name of a video model that watches films too; nil for none.
    package var videoModel: String?
    /// Time after which the answer about a file is what is there by then; nil for none.
    package var deadline: Duration?
    /// Confidence below which to abstain, 0…1; nil for that of the models.
    package var threshold: Double?

    /// Creates the ordinary query.
    package init(files: [String]) {
        self.files = files
    }

    /// The query in the words of the worker.
    var wish: PredictWish {
        var wish = PredictWish()
        wish.isCropped = isCropped
        wish.fusion = fusion == .early ? .early : .late
        wish.wantsTracks = wantsTracks
        wish.explain = explains
        wish.wantsAttention = wantsAttention
        wish.videoModel = videoModel
        wish.deadline = deadline
        return wish
    }
}
