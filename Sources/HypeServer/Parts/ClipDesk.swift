package import HypeCore

/// Clips and their files, for clients.
package protocol ClipDesk: Sendable {
    /// The path of one of a clip's files; nil where the clip does not have it.
    ///
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/notFound`` where there is no such clip.
    func file(_ part: ClipPart, of id: String) async throws -> ClipFile?
    /// Deletes a clip and its files, and keeps the proof.
    ///
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/notFound`` where there is no such clip.
    func delete(_ id: String, cause: Deletion.Cause) async throws -> Deletion
}

/// A file that belongs to a clip.
package enum ClipPart: String, Sendable, CaseIterable {
    case video, thumbnail
}

/// Where a clip's file lies and what it holds.
package struct ClipFile: Sendable {
    /// Absolute path.
    package var path: String
    /// Size and hash.
    package var file: Clip.File
    /// Media type, such as `video/mp4`.
    package var mediaType: String

    /// Creates a file.
    package init(path: String, file: Clip.File, mediaType: String) {
        self.path = path
        self.file = file
        self.mediaType = mediaType
    }
}
