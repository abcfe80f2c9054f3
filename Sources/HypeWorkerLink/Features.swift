package import HypeCore

/// Asks for features of a file's sound.
package struct FeaturesRequest: Hashable, Sendable, Codable {
    /// The recording.
    package var path: String
    /// What is computed.
    package var settings: FeatureSettings
    /// The files to write; none where the summary is enough.
    package var files: [FeatureFile]

    /// Creates a request.
    package init(path: String, settings: FeatureSettings = FeatureSettings(), files: [FeatureFile] = []) {
        self.path = path
        self.settings = settings
        self.files = files
    }
}

/// Features of a file's sound, in short.
package struct FeaturesReport: Hashable, Sendable, Codable {
    /// One of the values that a frame has, over all frames.
    package struct Value: Hashable, Sendable, Codable {
        /// Its name, such as `mfcc0`.
        package var name: String
        /// Mean.
        package var mean: Double
        /// Standard deviation.
        package var deviation: Double
        /// Lowest.
        package var least: Double
        /// Highest.
        package var greatest: Double

        /// Creates a summary.
        package init(name: String, mean: Double, deviation: Double, least: Double, greatest: Double) {
            self.name = name
            self.mean = mean
            self.deviation = deviation
            self.least = least
            self.greatest = greatest
        }
    }

    /// Time of the first frame on the recording's clock; the others follow at the hop.
    package var start: MediaTime
    /// Length of the sound that was used.
    package var sound: Duration
    /// Number of frames.
    package var frameCount: Int
    /// The values of a frame, in order.
    package var values: [Value]
    /// What a person should know, such as that only a part was used.
    package var notes: [String]

    /// Creates a report.
    package init(start: MediaTime, sound: Duration, frameCount: Int, values: [Value], notes: [String] = []) {
        self.start = start
        self.sound = sound
        self.frameCount = frameCount
        self.values = values
        self.notes = notes
    }
}
