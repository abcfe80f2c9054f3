import Foundation
import HypeDigest

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Does what the library has to do on the disk.
///
/// Moves and writes are on the disk when a call returns, files and the folders that name them. Hashing a long file lets
/// other work in between its pieces.
package actor FileKeeper {
    private let executor = FileExecutor()

    /// Creates a keeper with a thread of its own.
    package init() {}

    nonisolated package var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Size and hash of a file; nil where there is none.
    ///
    /// - Throws: ``LibraryFailure`` with ``LibraryFailure/Code/disk``, also for anything but a regular file.
    func facts(of path: String) async throws(LibraryFailure) -> FileDigest? {
        guard let kind = Self.kind(of: path) else { return nil }
        guard kind == .typeRegular else { throw LibraryFailure(.disk, "\(path) is not a regular file") }
        do {
            var hasher = try FileHasher(path: path)
            while try hasher.advance() { await Task.yield() }
            return hasher.finish()
        } catch {
            throw Self.failure("\(path) cannot be read", error)
        }
    }

    /// Whether there is a regular file.
    func hasFile(_ path: String) -> Bool { Self.kind(of: path) == .typeRegular }

    /// The names in a folder, sorted; empty where there is no such folder.
    func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// Makes a folder with those above it.
    func makeFolder(_ path: String) throws(LibraryFailure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Self.failure("the folder \(path) cannot be made", error)
        }
    }

    /// Writes a small file whole: it appears under its name only when it is complete.
    func write(_ data: Data, to path: String) throws(LibraryFailure) {
        let draft = path + ".part"
        do {
            guard FileManager.default.createFile(atPath: draft, contents: data) else {
                throw CocoaError(.fileWriteUnknown)
            }
            try sync(draft)
            try rename(draft, to: path)
        } catch {
            throw Self.failure("\(path) cannot be written", error)
        }
    }

    /// What a small file holds; nil where there is none.
    func read(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }

    /// Moves a file to a place where there is none, on the same file system in one step.
    ///
    /// - Parameters:
    ///   - source: An existing file.
    ///   - target: Where it goes; its folder exists.
    ///   - copies: Whether it is copied where the target is on another file system.
    /// - Returns: False where the target is on another file system and `copies` is false; nothing was moved then.
    /// - Throws: ``LibraryFailure``: exists, or disk.
    @discardableResult
    func move(_ source: String, to target: String, copies: Bool) throws(LibraryFailure) -> Bool {
        guard Self.kind(of: target) == nil else { throw LibraryFailure(.exists, "there is a file \(target) already") }
        do {
            try sync(source)
            do {
                try rename(source, to: target)
            } catch let error as POSIXError where error.code == .EXDEV {
                guard copies else { return false }
                let draft = target + ".part"
                try? FileManager.default.removeItem(atPath: draft)
                try FileManager.default.copyItem(atPath: source, toPath: draft)
                try sync(draft)
                try rename(draft, to: target)
                try FileManager.default.removeItem(atPath: source)
            }
            return true
        } catch {
            throw Self.failure("\(source) cannot be moved to \(target)", error)
        }
    }

    /// Deletes a file, or a folder with all that is in it; does nothing where there is none.
    func remove(_ path: String) throws(LibraryFailure) {
        guard Self.kind(of: path) != nil else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
            try syncFolder(of: path)
        } catch {
            throw Self.failure("\(path) cannot be deleted", error)
        }
    }

    /// Deletes a folder if nothing is in it.
    func removeIfEmpty(_ folder: String) { _ = rmdir(folder) }

    /// What a path names, without following a link; nil where there is nothing.
    private static func kind(of path: String) -> FileAttributeType? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType
    }

    private static func failure(_ message: String, _ error: any Error) -> LibraryFailure {
        LibraryFailure(.disk, "\(message); check the disk and the rights of the data folder", cause: error)
    }

    private func rename(_ source: String, to target: String) throws {
        #if canImport(Glibc)
        let code = Glibc.rename(source, target)
        #elseif canImport(Musl)
        let code = Musl.rename(source, target)
        #else
        let code = Darwin.rename(source, target)
        #endif
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        try syncFolder(of: target)
        if URL(filePath: source).deletingLastPathComponent() != URL(filePath: target).deletingLastPathComponent() {
            try syncFolder(of: source)
        }
    }

    private func syncFolder(of path: String) throws {
        try sync(URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false))
    }

    private func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
}
