package import Foundation

/// A file that arrived whole.
///
/// `path` is for this process only: give a client the other properties, never this one.
package struct Upload: Codable, Hashable, Sendable, Identifiable {
    /// Names the upload; 26 characters that cannot be guessed (``UploadID``).
    package let id: String
    /// What the content is; never only what the client said.
    package let kind: MediaKind
    /// The client's name for the file, for people to read: 1…200 bytes of UTF-8 without path or control characters.
    package let name: String
    /// Where the file lies; made of the id, never of the client's name.
    package let path: String
    /// Size in bytes, at least 0.
    package let bytes: Int64
    /// SHA-256 of the content, 64 lower-case hexadecimal digits.
    package let sha256: String
    /// Media type of the content, `application/octet-stream` where it is unknown.
    package let mediaType: String
    /// When the last byte arrived, to the second.
    package let createdAt: Date

    /// Describes an upload.
    package init(
        id: String,
        kind: MediaKind,
        name: String,
        path: String,
        bytes: Int64,
        sha256: String,
        mediaType: String,
        createdAt: Date
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
        self.mediaType = mediaType
        self.createdAt = createdAt
    }

    /// A strong entity tag, in its quotation marks; the same for the same content.
    package var entityTag: String { "\"\(sha256.prefix(32))\"" }
}
