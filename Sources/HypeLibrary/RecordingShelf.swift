/// A recording that was uploaded.
package struct Recording: Hashable, Sendable {
    /// Identifier of the upload.
    package var id: String
    /// Name for people.
    package var name: String
    /// Absolute paths of its files.
    package var paths: [String]

    /// Creates a description of a recording.
    package init(id: String, name: String, paths: [String]) {
        self.id = id
        self.name = name
        self.paths = paths
    }
}

/// Knows where uploaded recordings are.
package protocol RecordingShelf: Sendable {
    /// The recording of an upload; nil where it is gone.
    func recording(_ upload: String) async -> Recording?
    /// Takes note that a recording's files were deleted.
    func forget(_ upload: String) async
}
