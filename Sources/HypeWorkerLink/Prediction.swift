/// What became of one subject of a ``PredictRequest``.
package struct FilePrediction: Hashable, Sendable, Codable {
    /// What was found.
    package enum Outcome: Hashable, Sendable, Codable {
        /// The files were read.
        case read(EmotionReading)
        /// A file cannot be read, in words for a person.
        case unreadable(String)
    }

    /// Position of the subject in the request.
    package var index: Int
    /// What was found.
    package var outcome: Outcome
    /// Where the time went.
    package var time: Time

    /// Wall-clock time of the parts of a prediction; face and voice are worked on side by side.
    package struct Time: Hashable, Sendable, Codable {
        /// Opening and decoding.
        package var decode: Duration = .zero
        /// Finding faces and reading their expression.
        package var face: Duration = .zero
        /// Finding speech and reading its emotion.
        package var voice: Duration = .zero
        /// Joining the two.
        package var fusion: Duration = .zero
        /// From the first to the last step.
        package var total: Duration = .zero

        /// Creates a record.
        package init(decode: Duration = .zero, fusion: Duration = .zero, total: Duration = .zero) {
            self.decode = decode
            self.fusion = fusion
            self.total = total
        }
    }

    /// Creates a report about one subject.
    package init(index: Int, outcome: Outcome, time: Time = Time()) {
        self.index = index
        self.outcome = outcome
        self.time = time
    }
}
