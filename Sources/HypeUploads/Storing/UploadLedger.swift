/// Which uploads are being written, and by how many requests at most.
///
/// A pure state machine; an upload is written by one request at a time.
struct UploadLedger: Sendable {
    private let limit: Int
    private var writing: Set<UploadID> = []

    /// Creates an empty ledger.
    ///
    /// - Parameter limit: Uploads that may be written at the same time, at least 1.
    init(limit: Int) { self.limit = max(1, limit) }

    /// Whether a request is writing an upload.
    func isWriting(_ id: UploadID) -> Bool { writing.contains(id) }

    /// Notes that a request begins to write an upload.
    ///
    /// - Throws: ``UploadError`` `locked` or `busy`.
    mutating func begin(_ id: UploadID) throws(UploadError) {
        guard !writing.contains(id) else {
            throw UploadError(
                .locked,
                "Another request is sending this upload; wait for it to end, then ask where to go on."
            )
        }
        guard writing.count < limit else {
            throw UploadError(.busy, "\(limit) uploads are under way, which is the limit; try again in a minute.")
        }
        writing.insert(id)
    }

    /// Notes that the request has ended.
    mutating func end(_ id: UploadID) { writing.remove(id) }
}
