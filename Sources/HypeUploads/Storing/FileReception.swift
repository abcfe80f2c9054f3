import Crypto
import NIOCore

/// One file on its way from the sender to the disk.
///
/// Used by one task at a time. Each step returns when the disk has taken the bytes, which is what holds a fast sender back.
struct FileReception: Sendable {
    let id: UploadID
    let file: PartFile
    let name: DisplayName
    private let claim: MediaClaim
    private let expected: MediaKind?
    private let store: UploadStorage
    private var identity: MediaIdentity?
    private var isIdentified = false
    private var checkedAt: Int64 = 0

    /// Bytes after which the free space is looked at again: 64 MiB.
    private static let spaceInterval: Int64 = 64 << 20

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - id: Its new id.
    ///   - name: The client's name for it, as it came.
    ///   - label: The media type that the client gave, or nil.
    ///   - expected: What it must be, or nil for anything.
    ///   - store: Where to put it.
    /// - Throws: ``UploadError`` `noSpace` or `storage`.
    init(
        id: UploadID,
        name: String,
        label: String?,
        expected: MediaKind?,
        store: UploadStorage
    ) async throws(UploadError) {
        self.id = id
        self.name = DisplayName(name)
        claim = MediaClaim(name: self.name.description, label: label)
        self.expected = expected
        self.store = store
        file = try await store.threads.run { () throws(UploadError) in
            try PartFile(creating: store.folder.partPath(id), calls: store.folder.calls)
        }
    }

    /// Takes a piece of the file.
    ///
    /// - Throws: ``UploadError`` `tooLarge`, `unsupportedType`, `noSpace` or `storage`.
    mutating func take(_ bytes: ByteBuffer) async throws(UploadError) {
        guard file.count + Int64(bytes.readableBytes) <= store.limits.bytes else { throw store.tooLarge }
        var rest = bytes
        while rest.readableBytes > 0 {
            let isFull = file.fill(from: &rest)
            if !isIdentified, file.count >= MediaSniffer.window { try identify() }
            if isFull { try await flush() }
        }
    }

    /// Ends the file and makes it an upload.
    ///
    /// - Throws: ``UploadError``; then nothing of the file is left.
    mutating func finish() async throws(UploadError) -> Upload {
        if !isIdentified { try identify() }
        let (id, file, name, identity, store) = (id, file, name, identity, store)
        return try await store.threads.run { () throws(UploadError) in
            try file.sync()
            file.close()
            let record = UploadRecord(
                id: id,
                identity: identity,
                name: name,
                bytes: file.count,
                sha256: file.hasher?.finalize().hexadecimal ?? "",
                createdAt: store.now()
            )
            try store.folder.store(record, id: id, from: file.path)
            return record.upload(in: store.folder.path)
        }
    }

    /// Removes what came of a file that will not be whole.
    func discard() async {
        let (file, store) = (file, store)
        // Does not throw, so there is no error to lose.
        try? await store.threads.run { () throws(UploadError) in
            file.close()
            store.folder.discard([file.path])
        }
    }

    /// Looks at the first bytes, which are in the buffer until it is flushed for the first time.
    private mutating func identify() throws(UploadError) {
        isIdentified = true
        identity = try claim.settle(MediaSniffer.identify(file.bufferedPrefix(MediaSniffer.window)), expected: expected)
    }

    private mutating func flush() async throws(UploadError) {
        let isDue = file.count - checkedAt >= Self.spaceInterval
        if isDue { checkedAt = file.count }
        let (file, store) = (file, store)
        try await store.threads.run { () throws(UploadError) in
            if isDue { try store.checkSpace(for: 0) }
            try file.flush()
        }
    }
}
