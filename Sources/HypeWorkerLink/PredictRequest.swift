/// Asks for the emotion of files.
package struct PredictRequest: Hashable, Sendable, Codable {
    /// What is judged, one after the other.
    package var subjects: [PredictSubject]
    /// What is wanted to know about each.
    package var wish: PredictWish

    /// Creates a request.
    package init(subjects: [PredictSubject], wish: PredictWish = PredictWish()) {
        self.subjects = subjects
        self.wish = wish
    }
}

/// One thing to judge: a file, or files that belong together.
package struct PredictSubject: Hashable, Sendable, Codable {
    /// A file of any kind; its pictures and its sound are judged.
    package var file: String?
    /// The file whose sound is judged, instead of that of another one.
    package var audio: String?
    /// The file whose moving pictures are judged.
    package var video: String?
    /// The file whose single picture is judged; only where there is no ``video``.
    package var image: String?

    /// Creates a subject of a file.
    package init(file: String) {
        self.file = file
    }

    /// Creates a subject of files that belong together; each begins at time zero.
    package init(audio: String? = nil, video: String? = nil, image: String? = nil) {
        self.audio = audio
        self.video = video
        self.image = image
    }

    /// The file that the subject is called by.
    package var name: String { file ?? video ?? image ?? audio ?? "" }
}

/// What is wanted to know about a subject.
package struct PredictWish: Hashable, Sendable, Codable {
    /// How face and voice are joined.
    package enum Fusion: String, Hashable, Sendable, Codable, CaseIterable {
        /// The probabilities of both are joined.
        case late
        /// One net judges what the nets of both saw.
        case early
    }

    /// Whether pictures are faces that were cut out already, so that none is looked for.
    package var isCropped = false
    /// Whether faces are judged.
    package var wantsFaces = true
    /// Whether voices are judged.
    package var wantsVoice = true
    /// How face and voice are joined.
    package var fusion = Fusion.late
    /// Whether every reading of every face is wanted, sixteen a second, instead of two a second summed up.
    package var wantsTracks = false
    /// Whether the pictures that the nets saw are wanted too.
    package var explain = false
    /// Whether attention and drowsiness of the largest face of a film are measured too.
    package var wantsAttention = false
    /// Name of a video model that watches films too, such as `videomae-base-k400`; nil for none.
    package var videoModel: String?
    /// Time after which the answer is what is there by then; nil for none.
    package var deadline: Duration?

    /// Creates the ordinary wish.
    package init() {}
}
