import Foundation
import NIOCore

/// The files of the uploads: their names, and the order in which they appear and go.
///
/// A stored file is an upload from the moment its record has its name; the record comes last and goes first, so a crash
/// leaves files without record, which ``sweep(startedAt:isWriting:)`` removes. Everything here blocks.
struct UploadFolder: Sendable {
    let path: String
    let calls: DiskCalls

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()
    private static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return decoder
    }()

    // MARK: - Names

    func partPath(_ id: UploadID) -> String { "\(path)/\(id).part" }
    func resumablePath(_ id: UploadID) -> String { "\(path)/\(id).tus" }
    private func recordPath(_ id: UploadID) -> String { "\(path)/\(id).json" }
    private func planPath(_ id: UploadID) -> String { "\(path)/\(id).tus.json" }

    // MARK: - Writing

    /// Makes the folder if it is missing; only this user can look into it.
    func prepare() throws(UploadError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw UploadError(.storage, "The server cannot make its folder for uploads; see its log.", cause: error)
        }
    }

    /// Turns a whole, synced file into an upload.
    ///
    /// - Parameters:
    ///   - record: What it is.
    ///   - id: Its id.
    ///   - source: Where its bytes are now; on a failure they are there still.
    /// - Throws: ``UploadError``; then there is no upload.
    func store(_ record: UploadRecord, id: UploadID, from source: String) throws(UploadError) {
        let content = "\(path)/\(record.file)"
        do {
            try write(record, to: recordPath(id)) { () throws(DiskCalls.Failure) in try calls.rename(source, content) }
        } catch {
            discard([recordPath(id)])
            if facts(of: content) != nil { _ = Foundation.rename(content, source) }
            throw error
        }
    }

    /// Writes what is known of a resumable upload.
    func store(_ plan: TusPlan, id: UploadID) throws(UploadError) {
        do {
            try write(plan, to: planPath(id)) { () throws(DiskCalls.Failure) in }
        } catch {
            discard([planPath(id)])
            throw error
        }
    }

    /// Writes JSON under another name, does what must come before it, and gives it its name.
    private func write(
        _ value: some Encodable,
        to path: String,
        before: () throws(DiskCalls.Failure) -> Void
    ) throws(UploadError) {
        let part = path + ".part"
        do {
            let bytes = try Self.encoder.encode(value)
            let file = try PartFile(creating: part, calls: calls)
            defer { file.close() }
            var rest = ByteBuffer(bytes: bytes)
            while file.fill(from: &rest) { try file.flush() }
            try file.sync()
            try before()
            try calls.rename(part, path)
            try syncFolder()
        } catch {
            discard([part])
            switch error {
            case let error as UploadError: throw error
            case let error as DiskCalls.Failure: throw .disk(error, doing: "store the file")
            default: throw UploadError(.storage, "The server cannot store the upload; see its log.", cause: error)
            }
        }
    }

    private func syncFolder() throws(DiskCalls.Failure) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DiskCalls.Failure(errno) }
        defer { _ = close(descriptor) }
        try calls.sync(descriptor)
    }

    // MARK: - Reading

    /// The upload of an id, or nil; an upload whose file has gone is none.
    func upload(_ id: UploadID) -> Upload? {
        guard let bytes = FileManager.default.contents(atPath: recordPath(id)),
            let record = try? Self.decoder.decode(UploadRecord.self, from: bytes), record.belongs(to: id),
            size(of: "\(path)/\(record.file)") == record.bytes
        else { return nil }
        return record.upload(in: path)
    }

    /// Everything known of a resumable upload that is not finished, or nil.
    func plan(_ id: UploadID) -> (plan: TusPlan, offset: Int64, touched: Date)? {
        guard let bytes = FileManager.default.contents(atPath: planPath(id)),
            let plan = try? Self.decoder.decode(TusPlan.self, from: bytes),
            let facts = facts(of: resumablePath(id))
        else { return nil }
        return (plan, facts.size, facts.modified)
    }

    /// The names of the folder that are ours.
    func names() throws(UploadError) -> [(file: String, name: UploadName)] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
                .compactMap { file in UploadName(file).map { (file, $0) } }
        } catch {
            throw UploadError(
                .storage,
                "The server cannot look into its folder for uploads; see its log.",
                cause: error
            )
        }
    }

    /// Size and time of the last change of a plain file, or nil.
    func facts(of path: String) -> (size: Int64, modified: Date)? {
        var facts = stat()
        guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        return (
            Int64(facts.st_size),
            Date(timeIntervalSince1970: Double(facts.st_mtim.tv_sec) + Double(facts.st_mtim.tv_nsec) / 1e9)
        )
    }

    private func size(of path: String) -> Int64? { facts(of: path)?.size }

    // MARK: - Removing

    /// Removes files that need not be there.
    func discard(_ paths: [String]) { for path in paths { unlink(path) } }

    /// Removes an upload, its record first.
    func remove(_ upload: Upload, id: UploadID) throws(UploadError) {
        for path in [recordPath(id), upload.path] {
            guard unlink(path) == 0 || errno == ENOENT else {
                throw .disk(DiskCalls.Failure(errno), doing: "remove the file")
            }
        }
    }

    /// Removes a resumable upload that is not finished, its plan first.
    func removePlan(_ id: UploadID) { discard([planPath(id), resumablePath(id)]) }

    /// Removes what earlier runs left half done.
    ///
    /// - Parameters:
    ///   - startedAt: What changed after that is left alone.
    ///   - isWriting: Whether a request is writing an upload; its files are left alone.
    /// - Returns: The names of the files that were removed.
    /// - Throws: ``UploadError`` `storage`.
    func sweep(startedAt: Date, isWriting: (UploadID) -> Bool) throws(UploadError) -> [String] {
        let names = try names()
        let records = Set(names.filter { $0.name.role == .record }.map(\.name.id))
        let contents = Set(names.filter { $0.name.role == .content }.map(\.name.id))
        let plans = Set(names.filter { $0.name.role == .plan }.map(\.name.id))
        let resumables = Set(names.filter { $0.name.role == .resumable }.map(\.name.id))
        return names.filter { file, name in
            let isLeft =
                switch name.role {
                case .part: true
                case .content: !records.contains(name.id)
                case .record: !contents.contains(name.id)
                case .resumable: !plans.contains(name.id)
                case .plan: !resumables.contains(name.id)
                }
            guard isLeft, !isWriting(name.id), let facts = facts(of: "\(path)/\(file)"), facts.modified < startedAt
            else {
                return false
            }
            return unlink("\(path)/\(file)") == 0
        }.map(\.file)
    }
}
