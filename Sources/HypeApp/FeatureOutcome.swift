import HypeWorkerLink

/// What became of one recording whose features were asked for.
package struct FeatureOutcome: Sendable {
    /// The recording.
    package var recording: String
    /// The features in short, or why there are none, in words for a person.
    package var result: Result<FeatureSummary, AppFailure>
}

/// Features of a recording, in short.
package struct FeatureSummary: Sendable {
    /// The values that a frame has, over all frames.
    package struct Value: Sendable {
        /// Its name, such as `mfcc0`.
        package var name: String
        /// Mean.
        package var mean: Double
        /// Standard deviation.
        package var deviation: Double
        /// Lowest and highest.
        package var range: ClosedRange<Double>
    }

    /// Length of the sound that was used.
    package var sound: Duration
    /// Number of frames.
    package var frameCount: Int
    /// The values of a frame, in order.
    package var values: [Value]
    /// What a person should know.
    package var notes: [String]

    init(_ report: FeaturesReport) {
        sound = report.sound
        frameCount = report.frameCount
        values = report.values.map { value in
            Value(
                name: value.name,
                mean: value.mean,
                deviation: value.deviation,
                range: value.least...max(value.least, value.greatest)
            )
        }
        notes = report.notes
    }
}
