import Crypto
import NIOCore

/// One request's bytes on their way behind those that are there.
struct TusReception: Sendable {
    private let id: UploadID
    private let plan: TusPlan
    private let start: Int64
    private let startHasher: SHA256?
    private let checksum: TusChecksum?
    private let file: PartFile
    private let store: UploadStorage
    private var running: TusChecksum.Running?
    private var isIdentified: Bool

    init(
        id: UploadID,
        plan: TusPlan,
        offset: Int64,
        hasher: SHA256?,
        checksum: TusChecksum?,
        store: UploadStorage
    ) async throws(UploadError) {
        self.id = id
        self.plan = plan
        self.checksum = checksum
        self.store = store
        start = offset
        startHasher = hasher
        running = checksum.map { TusChecksum.Running($0.algorithm) }
        isIdentified = offset >= MediaSniffer.window
        file = try await store.threads.run { () throws(UploadError) in
            try store.checkSpace(for: 0)
            return try PartFile(
                resuming: store.folder.resumablePath(id),
                at: offset,
                hasher: hasher,
                calls: store.folder.calls
            )
        }
    }

    /// Bytes of the file that are here, written or not.
    var offset: Int64 { file.count }
    /// What was hashed up to ``offset`` once all is written, or nil.
    var hasher: SHA256? { file.hasher }

    /// Takes a piece of the body; on a failure what was taken before it stays.
    mutating func take(_ bytes: ByteBuffer) async throws(UploadError) {
        guard file.count + Int64(bytes.readableBytes) <= plan.length else {
            throw UploadError(.tooLarge, "The request has more bytes than the \(plan.length) that were announced.")
        }
        running?.update(bytes)
        var rest = bytes
        while rest.readableBytes > 0 {
            guard file.fill(from: &rest) else { continue }
            let (file, store) = (file, store)
            try await store.threads.run { () throws(UploadError) in
                try store.checkSpace(for: 0)
                try file.flush()
            }
            try await identifyIfDue()
        }
    }

    /// Ends the request's bytes and makes sure that they stay.
    ///
    /// - Throws: ``UploadError`` `checksumMismatch`, `unsupportedType`, `noSpace` or `storage`.
    mutating func finish() async throws(UploadError) {
        if let checksum, let running, running.digest != checksum.digest {
            throw UploadError(.checksumMismatch, "The bytes do not fit Upload-Checksum; send this piece again.")
        }
        let file = file
        try await store.threads.run { () throws(UploadError) in try file.sync() }
        try await identifyIfDue()
    }

    /// Keeps what arrived before a failure, or takes it back where its checksum could not be compared.
    mutating func salvage() async {
        let (file, start, startHasher, isChecked) = (file, start, startHasher, checksum != nil)
        // The failure that led here is the one to report.
        try? await store.threads.run { () throws(UploadError) in
            if isChecked {
                try file.truncate(to: start, hasher: startHasher)
            } else {
                try file.sync()
            }
        }
    }

    /// Lets go of the file.
    func close() async {
        let file = file
        // Closing does not throw.
        try? await store.threads.run { () throws(UploadError) in file.close() }
    }

    /// Looks at the content as soon as enough of it is there; what must not be is refused before the rest comes.
    private mutating func identifyIfDue() async throws(UploadError) {
        guard !isIdentified, file.count >= min(plan.length, Int64(MediaSniffer.window)) else { return }
        isIdentified = true
        let (path, plan) = (file.path, plan)
        _ = try await store.threads.run { () throws(UploadError) in try plan.identify(path) }
    }
}

extension TusPlan {
    /// What the content of a file is, if it may be that.
    ///
    /// Blocks.
    ///
    /// - Parameter path: Where the bytes are.
    /// - Returns: Nil for unknown content.
    /// - Throws: ``UploadError`` `unsupportedType` or `storage`.
    func identify(_ path: String) throws(UploadError) -> MediaIdentity? {
        let prefix = try FileHash.prefix(of: path, length: MediaSniffer.window)
        let claim = MediaClaim(name: DisplayName(name).description, label: label)
        return try claim.settle(MediaSniffer.identify(prefix), expected: expected)
    }
}
