import Crypto
import Foundation
package import NIOCore
import Synchronization

/// Uploads that go on where they stopped, after a broken connection or a restart (tus 1.0.0, <https://tus.io>).
///
/// How far one is, is the size of its file. One request at a time writes it.
package struct TusUploads: Sendable {
    private let store: UploadStore
    private var storage: UploadStorage { store.storage }
    /// How much a client may send.
    package var limits: UploadLimits { store.limits }

    /// Uses the folder, limits and ids of a store; a finished upload is one of its uploads, under the same id.
    package init(_ store: UploadStore) { self.store = store }

    /// Announces a file.
    ///
    /// - Parameters:
    ///   - length: Its size in bytes, at least 0.
    ///   - metadata: The client's `Upload-Metadata` as it came.
    ///   - expected: What it must be, or nil for anything.
    /// - Returns: Where it stands: at offset 0, or finished where it is empty.
    /// - Throws: ``UploadError`` `tooLarge`, `noSpace`, `busy`, `badRequest` or `storage`.
    package func create(
        length: Int64,
        metadata: String? = nil,
        expected: MediaKind? = nil
    ) async throws(UploadError) -> TusState {
        guard length >= 0 else { throw UploadError(.badRequest, "The length of a file is at least 0.") }
        guard length <= storage.limits.bytes else { throw storage.tooLarge }
        guard metadata.map({ TusMetadata($0) != nil }) ?? true else {
            throw UploadError(
                .badRequest,
                "Upload-Metadata must be pairs of a key and a base64 value, with commas between."
            )
        }
        try await store.prepare(for: length, overhead: 0, files: 1)
        try await store.expireUnfinished()
        let (storage, id) = (storage, UploadID())
        let plan = TusPlan(length: length, metadata: metadata, expected: expected, createdAt: storage.now())
        try await storage.threads.run { () throws(UploadError) in
            let unfinished = try storage.folder.names().count { $0.name.role == .plan }
            guard unfinished < storage.limits.unfinished else {
                throw UploadError(
                    .busy,
                    "There are \(unfinished) unfinished uploads, which is the limit; finish or delete one."
                )
            }
            let file = try PartFile(creating: storage.folder.resumablePath(id), calls: storage.folder.calls)
            file.close()
            do throws(UploadError) {
                try storage.folder.store(plan, id: id)
            } catch {
                storage.folder.removePlan(id)
                throw error
            }
        }
        guard length == 0 else { return try await head(id.description) }
        do throws(UploadError) {
            return try await complete(id, plan: plan, hasher: SHA256())
        } catch {
            await forget(id)
            throw error
        }
    }

    /// Says how far an upload is.
    ///
    /// - Throws: ``UploadError`` `notFound` or `gone`.
    package func head(_ id: String) async throws(UploadError) -> TusState {
        let known = try UploadID(known: id)
        let storage = storage
        let found = try await storage.threads.run { () throws(UploadError) -> TusState? in
            if let found = storage.folder.plan(known) {
                let expiresAt = storage.expiry(of: found.touched)
                guard expiresAt > storage.wallClock() else {
                    throw UploadError(
                        .gone,
                        "Nobody went on with this upload in time; send the file from its beginning."
                    )
                }
                return TusState(
                    id: id,
                    offset: found.offset,
                    length: found.plan.length,
                    metadata: found.plan.metadata,
                    expiresAt: expiresAt,
                    upload: nil
                )
            }
            return storage.folder.upload(known).map(TusState.init(finished:))
        }
        guard let found else { throw .unknown(id) }
        return found
    }

    /// Takes more bytes of a file.
    ///
    /// What arrived before a failure stays, so that the client can go on there; with a checksum, a piece counts only as a
    /// whole.
    ///
    /// - Parameters:
    ///   - id: The upload.
    ///   - offset: Where the client believes we are.
    ///   - checksum: What the bytes of this request must have, or nil.
    ///   - declaredBytes: The request's `Content-Length`, if it has one.
    ///   - body: The request's body.
    /// - Returns: How far the upload is; finished, if this brought its last byte.
    /// - Throws: ``UploadError``, among them `conflict` for another offset and `locked` while another request writes, or
    ///   `CancellationError`. Content that must not be (`unsupportedType`) removes the upload.
    package func append<Body: AsyncSequence & Sendable>(
        _ id: String,
        offset: Int64,
        checksum: TusChecksum? = nil,
        declaredBytes: Int64? = nil,
        body: Body
    ) async throws -> TusState where Body.Element == ByteBuffer {
        let known = try UploadID(known: id)
        try store.ledger.withLock { ledger throws(UploadError) in try ledger.begin(known) }
        defer { store.ledger.withLock { $0.end(known) } }
        let state = try await head(id)
        guard state.offset == offset else {
            throw UploadError(
                .conflict,
                "The upload is at byte \(state.offset), not \(offset); ask for it with HEAD and go on there."
            )
        }
        if state.upload != nil { return state }
        guard (declaredBytes ?? 0) <= state.length - offset else {
            throw UploadError(.tooLarge, "The request has more bytes than the \(state.length) that were announced.")
        }
        let storage = storage
        guard let plan = try await storage.threads.run({ () throws(UploadError) in storage.folder.plan(known)?.plan })
        else {
            throw UploadError.unknown(id)
        }
        let hasher = store.hashes.withLock { $0.take(known, at: offset) }
        do {
            let reached = try await receive(
                body,
                id: known,
                plan: plan,
                offset: offset,
                hasher: hasher,
                checksum: checksum
            )
            if reached.offset == plan.length { return try await complete(known, plan: plan, hasher: reached.hasher) }
            return try await head(id)
        } catch let error as UploadError where error.code == .unsupportedType {
            await forget(known)
            throw error
        }
    }

    /// Forgets an upload, finished or not.
    ///
    /// - Throws: ``UploadError`` `notFound` or `locked`.
    package func terminate(_ id: String) async throws(UploadError) {
        let known = try UploadID(known: id)
        try store.ledger.withLock { ledger throws(UploadError) in try ledger.begin(known) }
        defer { store.ledger.withLock { $0.end(known) } }
        let folder = storage.folder
        let isUnfinished = try await storage.threads.run { () throws(UploadError) in folder.plan(known) != nil }
        if isUnfinished { await forget(known) } else { try await store.remove(id) }
    }

    /// Finishes uploads whose last byte arrived just before the process ended.
    func finishWhole() async throws(UploadError) {
        let storage = storage
        let whole = try await storage.threads.run { () throws(UploadError) in
            try storage.folder.names().filter { $0.name.role == .plan }.compactMap { name -> (UploadID, TusPlan)? in
                let id = name.name.id
                guard let found = storage.folder.plan(id), found.offset == found.plan.length else { return nil }
                return (id, found.plan)
            }
        }
        for (id, plan) in whole {
            do throws(UploadError) {
                _ = try await complete(id, plan: plan, hasher: nil)
            } catch  where error.code == .unsupportedType {
                await forget(id)
            }
        }
    }

    // MARK: - Steps

    /// How far a request brought an upload.
    private struct Reached: Sendable {
        let offset: Int64
        let hasher: SHA256?
    }

    private func receive<Body: AsyncSequence & Sendable>(
        _ body: Body,
        id: UploadID,
        plan: TusPlan,
        offset: Int64,
        hasher: SHA256?,
        checksum: TusChecksum?
    ) async throws -> Reached where Body.Element == ByteBuffer {
        let store = store
        return try await store.receive { pauses in
            var reception = try await TusReception(
                id: id,
                plan: plan,
                offset: offset,
                hasher: hasher,
                checksum: checksum,
                store: store.storage
            )
            var failure: (any Error)?
            do {
                var pieces = body.makeAsyncIterator()
                while let piece = try await pauses.next(&pieces) { try await reception.take(piece) }
                try Task.checkCancellation()
                try await reception.finish()
            } catch {
                failure = error
                await reception.salvage()
            }
            await reception.close()
            store.hashes.withLock { $0.keep(reception.hasher, of: id, at: reception.offset) }
            if let failure { throw failure }
            return Reached(offset: reception.offset, hasher: reception.hasher)
        }
    }

    /// Makes a whole file an upload.
    private func complete(_ id: UploadID, plan: TusPlan, hasher: SHA256?) async throws(UploadError) -> TusState {
        let storage = storage
        let upload = try await storage.threads.run { () throws(UploadError) in
            let path = storage.folder.resumablePath(id)
            let record = UploadRecord(
                id: id,
                identity: try plan.identify(path),
                name: DisplayName(plan.name),
                bytes: plan.length,
                sha256: try Self.hash(hasher, of: path),
                createdAt: storage.now()
            )
            try storage.folder.store(record, id: id, from: path)
            storage.folder.removePlan(id)
            return record.upload(in: storage.folder.path)
        }
        store.hashes.withLock { $0.forget(id) }
        return TusState(finished: upload)
    }

    /// The hash that was computed on the way, or that of the file.
    private static func hash(_ hasher: SHA256?, of path: String) throws(UploadError) -> String {
        if let hasher { return hasher.finalize().hexadecimal }
        return try FileHash.sha256(of: path)
    }

    private func forget(_ id: UploadID) async {
        let folder = storage.folder
        store.hashes.withLock { $0.forget(id) }
        // Removing unfinished files reports nothing; what stays is found by the next sweep.
        try? await storage.threads.run { () throws(UploadError) in folder.removePlan(id) }
    }
}

extension TusState {
    /// The state of a finished upload.
    init(finished upload: Upload) {
        self.init(
            id: upload.id,
            offset: upload.bytes,
            length: upload.bytes,
            metadata: nil,
            expiresAt: nil,
            upload: upload
        )
    }
}

extension UploadStorage {
    /// When an unfinished upload goes.
    func expiry(of touched: Date) -> Date { touched.addingTimeInterval(limits.lifetime / .seconds(1)) }
}

extension UploadStore {
    /// Removes resumable uploads that nobody went on with in time.
    func expireUnfinished() async throws(UploadError) {
        let storage = storage
        let writing = ledger.withLock { $0 }
        let expired = try await storage.threads.run { () throws(UploadError) in
            let now = storage.wallClock()
            let ids = try storage.folder.names().filter { $0.name.role == .plan }.map(\.name.id).filter { id in
                guard !writing.isWriting(id), let found = storage.folder.plan(id) else { return false }
                return storage.expiry(of: found.touched) <= now
            }
            for id in ids { storage.folder.removePlan(id) }
            return ids
        }
        hashes.withLock { hashes in for id in expired { hashes.forget(id) } }
    }
}
