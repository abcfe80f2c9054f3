package import Foundation
package import HypeCore
package import HypeMoments

/// The result of an analysis: what `--json` prints and `moments.json` holds.
///
/// All times are seconds of the recording, whose first instant is 0.
package struct AnalysisDocument: Sendable, Codable {
    /// The clips in order of time.
    package var clips: [Clip]
    /// Every moment and every near miss in order of time, with the evidence of all three signals.
    package var moments: [Moment]
    /// Length of the recording in seconds.
    package var duration: Double
    /// The recording.
    package var recording: Recording
    /// How the face was looked for and what was found.
    package var camera: String
    /// What the chat log was, or nil where there was none.
    package var chat: Chat?
    /// What a person should know about the input.
    package var warnings: [String]
    /// The thresholds that were used.
    package var settings: MomentSettings
    /// Where the time went.
    package var timings: Timings

    /// The file that was analysed.
    package struct Recording: Sendable, Codable {
        /// File name without folders.
        package var name: String
        /// What it contains.
        package var media: MediaInfo
    }

    /// The chat log that was read.
    package struct Chat: Sendable, Codable {
        /// Format as it was detected.
        package var format: String
        /// Messages that were understood.
        package var messages: Int
        /// Lines or entries that were not.
        package var unreadable: Int
        /// How late chat reacts in this recording.
        package var lag: ChatLag
    }

    /// Wall-clock seconds of each part; parts that run side by side overlap.
    package struct Timings: Sendable, Codable {
        /// Everything.
        package var total = 0.0
        /// Finding the camera.
        package var camera = 0.0
        /// Listening to the voice.
        package var voice = 0.0
        /// Looking at faces.
        package var faces = 0.0
        /// Cutting clips and pictures.
        package var clips = 0.0
        /// Seconds of the recording in which faces were looked at.
        package var facesWatched = 0.0
        /// How many times faster than real time the whole analysis ran.
        package var speed = 0.0
    }

    /// The document as it is written: sorted keys, ISO 8601 dates, readable.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return try encoder.encode(self)
    }
}
