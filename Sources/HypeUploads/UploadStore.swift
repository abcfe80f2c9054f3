package import Foundation
package import NIOCore
package import NIOPosix
import Synchronization

/// Takes files from clients, keeps them, and hands them out.
///
/// The disk is the truth: a restart finds every upload, and nothing of one that was cut off. Bytes are held back in memory
/// by at most 1.1 MiB per request; a fast sender waits for the disk.
package final class UploadStore: Sendable {
    /// How much a client may send.
    package var limits: UploadLimits { storage.limits }
    /// Where the files are.
    package var folder: String { storage.folder.path }

    let storage: UploadStorage
    private let watch: @Sendable () -> any SenderWatch
    let ledger: Mutex<UploadLedger>
    let hashes = Mutex(TusHashes())
    private let startedAt: Date

    /// Creates a store; nothing on the disk is touched before ``sweep()`` or the first upload.
    ///
    /// - Parameters:
    ///   - folder: Where the files go; no one else may write there.
    ///   - limits: How much a client may send.
    ///   - freeSpace: Bytes that can still be written to the disk of a folder; 0 where that cannot be told.
    ///   - clock: Measures slow senders.
    ///   - now: The time of day.
    ///   - pool: Threads for the disk.
    ///   - calls: How to write; only tests need others.
    package init(
        folder: String,
        limits: UploadLimits = UploadLimits(),
        freeSpace: @escaping @Sendable (String) -> Int64 = { (try? DiskSpace.free(at: $0)) ?? 0 },
        clock: some Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date = { Date() },
        pool: NIOThreadPool = .singleton,
        calls: DiskCalls = .system
    ) {
        storage = UploadStorage(
            folder: UploadFolder(path: folder, calls: calls),
            threads: DiskThreads(pool: pool),
            limits: limits,
            freeSpace: freeSpace,
            wallClock: now
        )
        watch = { SenderClock(clock) }
        ledger = Mutex(UploadLedger(limit: limits.simultaneous))
        startedAt = now()
    }

    // MARK: - Receiving

    /// Receives one file from a form.
    ///
    /// - Parameters:
    ///   - body: The request's body; cancelling its reader must end it.
    ///   - contentType: The request's `Content-Type`.
    ///   - field: The form's field that holds the file.
    ///   - expected: What the file must be, or nil for anything.
    ///   - declaredBytes: The request's `Content-Length`, if it has one.
    /// - Returns: The upload, whole and on the disk.
    /// - Throws: ``UploadError``, or `CancellationError`; then nothing is left behind.
    package func receive<Body: AsyncSequence & Sendable>(
        multipart body: Body,
        contentType: String,
        field: String = "file",
        expected: MediaKind? = nil,
        declaredBytes: Int64? = nil
    ) async throws -> Upload where Body.Element == ByteBuffer {
        let form = try await receive(
            form: body,
            contentType: contentType,
            plan: UploadFormPlan(files: [field: expected]),
            declaredBytes: declaredBytes
        )
        guard let upload = form.uploads[field] else { throw UploadError(.badRequest, "The form has no file.") }
        return upload
    }

    /// Receives a form with several files and texts; all of it or nothing.
    ///
    /// - Parameters:
    ///   - body: The request's body.
    ///   - contentType: The request's `Content-Type`.
    ///   - plan: Which fields are files.
    ///   - declaredBytes: The request's `Content-Length`, if it has one.
    /// - Returns: The files and texts.
    /// - Throws: ``UploadError``, or `CancellationError`; then nothing is left behind.
    package func receive<Body: AsyncSequence & Sendable>(
        form body: Body,
        contentType: String,
        plan: UploadFormPlan,
        declaredBytes: Int64? = nil
    ) async throws -> UploadForm where Body.Element == ByteBuffer {
        let boundary = try MultipartBoundary(contentType: contentType)
        let overhead = Int64(limits.parts * (limits.headerBytes + 1024) + limits.fieldBytes)
        try await prepare(
            for: declaredBytes,
            overhead: overhead * Int64(max(1, plan.files.count)),
            files: plan.files.count
        )
        let begun = Mutex<[UploadID]>([])
        defer { ledger.withLock { ledger in for id in begun.withLock({ $0 }) { ledger.end(id) } } }
        let (storage, begin) = (storage, begin)
        return try await receive { pauses in
            var form = FormReception(boundary: boundary, plan: plan, store: storage) { () throws(UploadError) in
                let id = try begin()
                begun.withLock { $0.append(id) }
                return id
            }
            do {
                var pieces = body.makeAsyncIterator()
                while let piece = try await pauses.next(&pieces) { try await form.take(piece) }
                // A body that was cancelled may just end; that is no whole form.
                try Task.checkCancellation()
                return try await form.finish()
            } catch {
                await form.discard()
                throw error
            }
        }
    }

    /// Receives a file that is the whole body of a request.
    ///
    /// - Parameters:
    ///   - body: The request's body.
    ///   - name: The client's name for the file.
    ///   - contentType: The request's `Content-Type`, if it has one.
    ///   - expected: What the file must be, or nil for anything.
    ///   - declaredBytes: The request's `Content-Length`; another size is then an error.
    /// - Returns: The upload, whole and on the disk.
    /// - Throws: ``UploadError``, or `CancellationError`; then nothing is left behind.
    package func receive<Body: AsyncSequence & Sendable>(
        raw body: Body,
        name: String,
        contentType: String? = nil,
        expected: MediaKind? = nil,
        declaredBytes: Int64? = nil
    ) async throws -> Upload where Body.Element == ByteBuffer {
        try await prepare(for: declaredBytes, overhead: 0, files: 1)
        let id = try begin()
        defer { ledger.withLock { $0.end(id) } }
        let storage = storage
        let label = contentType.flatMap { HeaderParameters($0.utf8)?.value }
        return try await receive { pauses in
            var file = try await FileReception(id: id, name: name, label: label, expected: expected, store: storage)
            do {
                var pieces = body.makeAsyncIterator()
                while let piece = try await pauses.next(&pieces) { try await file.take(piece) }
                try Task.checkCancellation()
                if let declaredBytes, declaredBytes != file.file.count {
                    throw UploadError(
                        .badRequest,
                        "The request ended after \(file.file.count) of \(declaredBytes) bytes; send the file again."
                    )
                }
                return try await file.finish()
            } catch {
                await file.discard()
                throw error
            }
        }
    }

    // MARK: - Keeping

    /// The upload of an id.
    ///
    /// - Throws: ``UploadError`` `notFound`, for an id that could not be one too.
    package func upload(_ id: String) async throws(UploadError) -> Upload {
        let known = try UploadID(known: id)
        let folder = storage.folder
        guard let upload = try await storage.threads.run({ () throws(UploadError) in folder.upload(known) }) else {
            throw .unknown(id)
        }
        return upload
    }

    /// All uploads, the oldest first.
    package func list() async throws(UploadError) -> [Upload] {
        let folder = storage.folder
        return try await storage.threads.run { () throws(UploadError) in
            try folder.prepare()
            return try folder.names().filter { $0.name.role == .record }.compactMap { folder.upload($0.name.id) }
                .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
        }
    }

    /// Removes an upload; who reads its file at this moment can read on.
    ///
    /// - Returns: What was removed, for the record of deletions.
    /// - Throws: ``UploadError`` `notFound` or `storage`.
    @discardableResult
    package func remove(_ id: String) async throws(UploadError) -> Upload {
        let known = try UploadID(known: id)
        let folder = storage.folder
        let removed = try await storage.threads.run { () throws(UploadError) -> Upload? in
            guard let upload = folder.upload(known) else { return nil }
            try folder.remove(upload, id: known)
            return upload
        }
        guard let removed else { throw .unknown(id) }
        return removed
    }

    /// Removes uploads that are too old, and resumable ones that nobody went on with.
    ///
    /// - Parameters:
    ///   - age: Uploads older than that go.
    ///   - kept: Ids that stay, because something works with them.
    /// - Returns: The uploads that were removed, for the record of deletions.
    /// - Throws: ``UploadError`` `storage`.
    @discardableResult
    package func expire(olderThan age: Duration, except kept: Set<String> = []) async throws(UploadError) -> [Upload] {
        let limit = storage.wallClock().addingTimeInterval(-(age / .seconds(1)))
        var removed: [Upload] = []
        for upload in try await list() where upload.createdAt < limit && !kept.contains(upload.id) {
            do {
                removed.append(try await remove(upload.id))
            } catch  where error.code == .notFound {
                continue  // Someone else removed it meanwhile.
            }
        }
        try await expireUnfinished()
        return removed
    }

    /// Removes what an earlier run left half done, and ends what lacks only its last step; call it once at the start,
    /// before requests come in.
    ///
    /// - Returns: The names of the files that were removed, for the log.
    /// - Throws: ``UploadError`` `storage`.
    @discardableResult
    package func sweep() async throws(UploadError) -> [String] {
        let (storage, startedAt) = (storage, startedAt)
        let writing = ledger.withLock { $0 }
        let removed = try await storage.threads.run { () throws(UploadError) in
            try storage.folder.prepare()
            return try storage.folder.sweep(startedAt: startedAt) { writing.isWriting($0) }
        }
        try await TusUploads(self).finishWhole()
        return removed
    }

    // MARK: - Steps

    /// Makes sure that there is a folder and room for what is to come.
    func prepare(for declaredBytes: Int64?, overhead: Int64, files: Int) async throws(UploadError) {
        let storage = storage
        if let declaredBytes {
            let (most, overflow) = limits.bytes.multipliedReportingOverflow(by: Int64(max(1, files)))
            guard overflow || declaredBytes - overhead <= most else { throw storage.tooLarge }
        }
        try await storage.threads.run { () throws(UploadError) in
            try storage.folder.prepare()
            try storage.checkSpace(for: max(0, declaredBytes ?? 0))
        }
    }

    /// Begins a new upload in the ledger.
    private var begin: @Sendable () throws(UploadError) -> UploadID {
        { [self] () throws(UploadError) in
            let id = UploadID()
            try ledger.withLock { ledger throws(UploadError) in try ledger.begin(id) }
            return id
        }
    }

    /// Receives within the limits of time, and turns a broken connection into a failure of ours.
    func receive<Received: Sendable>(
        _ work: @escaping @Sendable (any SenderPauses) async throws -> Received
    ) async throws -> Received {
        do {
            return try await HypeUploads.receive(watchedBy: watch(), limits: limits, work)
        } catch let error as UploadError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw UploadError(.badRequest, "The connection broke before the end; send it again.", cause: error)
        }
    }
}
