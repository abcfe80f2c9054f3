import Crypto

/// The running hashes of resumable uploads, so that a finished one need not be read again.
///
/// After a restart they are gone, and the file is read once at the end.
struct TusHashes: Sendable {
    private var hashes: [UploadID: (offset: Int64, hasher: SHA256)] = [:]

    /// Keeps what was hashed up to a place, or forgets it.
    mutating func keep(_ hasher: SHA256?, of id: UploadID, at offset: Int64) {
        hashes[id] = hasher.map { (offset, $0) }
    }

    /// Gives back what was hashed if it reaches exactly to a place.
    mutating func take(_ id: UploadID, at offset: Int64) -> SHA256? {
        let kept = hashes.removeValue(forKey: id)
        if let kept, kept.offset == offset { return kept.hasher }
        return offset == 0 ? SHA256() : nil
    }

    /// Forgets an upload.
    mutating func forget(_ id: UploadID) { hashes[id] = nil }
}
