package import HypeCore

/// A recording and the files to write for it.
package struct FeatureTask: Sendable {
    /// Path of the recording.
    package var recording: String
    /// What is written.
    package var files: [FeatureFile]

    /// Creates a task.
    package init(recording: String, files: [FeatureFile]) {
        self.recording = recording
        self.files = files
    }
}
