/// A file that features are written to.
package struct FeatureFile: Hashable, Sendable, Codable {
    /// What the file is.
    package enum Format: Hashable, Sendable, Codable {
        /// A line per frame: its time in seconds, then its values.
        case csv
        /// One object with the settings and a list of values per frame.
        case json
        /// NumPy's format: 32-bit floats, shape `[values, frames]`, as librosa's functions return them.
        case npy
        /// A picture.
        case png(PictureSettings)
    }

    /// What the file is.
    package var format: Format
    /// Where it is written; it appears there only when it is complete.
    package var path: String

    /// Creates a file's description.
    package init(_ format: Format, path: String) {
        self.format = format
        self.path = path
    }
}
