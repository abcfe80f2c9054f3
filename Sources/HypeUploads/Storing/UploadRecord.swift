import Foundation

/// What is kept beside a stored file, as JSON.
///
/// Names the file without its folder, so that the folder can be moved.
struct UploadRecord: Codable, Hashable, Sendable {
    let id: String
    let kind: MediaKind
    let name: String
    let file: String
    let bytes: Int64
    let sha256: String
    let mediaType: String
    let createdAt: Date

    init(id: UploadID, identity: MediaIdentity?, name: DisplayName, bytes: Int64, sha256: String, createdAt: Date) {
        self.id = id.description
        kind = identity?.kind ?? .unknown
        self.name = name.description
        file = "\(id).\(identity?.fileExtension ?? "bin")"
        self.bytes = bytes
        self.sha256 = sha256
        mediaType = identity?.mediaType ?? "application/octet-stream"
        self.createdAt = createdAt
    }

    /// Whether the record belongs to an id and names only a file that this id may have.
    func belongs(to id: UploadID) -> Bool {
        self.id == id.description && UploadName(file).map { $0.id == id && $0.role == .content } == true
    }

    func upload(in folder: String) -> Upload {
        Upload(
            id: id,
            kind: kind,
            name: name,
            path: "\(folder)/\(file)",
            bytes: bytes,
            sha256: sha256,
            mediaType: mediaType,
            createdAt: createdAt
        )
    }
}
