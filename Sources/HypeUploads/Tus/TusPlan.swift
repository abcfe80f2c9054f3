import Foundation

/// What is kept of a resumable upload while it is not finished, as JSON beside its bytes.
struct TusPlan: Codable, Hashable, Sendable {
    /// Size of the whole file in bytes.
    let length: Int64
    /// The client's `Upload-Metadata` as it came, which it gets back.
    let metadata: String?
    /// What the file must be, or nil for anything.
    let expected: MediaKind?
    /// When it was announced.
    let createdAt: Date

    /// The client's name for the file.
    var name: String { TusMetadata(metadata ?? "")?.name ?? "upload" }
    /// The media type that the client gave.
    var label: String? { TusMetadata(metadata ?? "")?.mediaType }
}
