import Foundation
import HypeMedia

/// A file that is being written under its name with `.part` behind it, and takes its name when it is complete.
///
/// Where it is not finished, nothing is left of it. Belongs to one thread at a time.
final class OutputFile {
    /// Bytes that are collected before they are written.
    private static let batch = 1 << 18

    private let path: String
    private let descriptor: Int32
    private var buffer = Data()
    private var isFinished = false

    private var partialPath: String { path + ".part" }

    /// Begins a file.
    ///
    /// - Parameter path: Its name; what has that name is replaced in the end.
    /// - Throws: `MediaError` with code `.cannotWrite` or `.diskFull`.
    init(_ path: String) throws(MediaError) {
        self.path = path
        descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(errno, path: path) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        if !isFinished { unlink(partialPath) }
    }

    /// Appends bytes.
    func write(_ bytes: some Sequence<UInt8>) throws(MediaError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.batch { try flush() }
    }

    /// Appends text.
    func write(_ text: String) throws(MediaError) { try write(text.utf8) }

    /// Writes what is left and gives the file its name.
    func finish() throws(MediaError) {
        try flush()
        guard rename(partialPath, path) == 0 else { throw Self.failure(errno, path: path) }
        isFinished = true
    }

    private func flush() throws(MediaError) {
        let failed = buffer.withUnsafeBytes { bytes -> Int32? in
            var rest = bytes
            while !rest.isEmpty {
                let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return errno }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
            return nil
        }
        if let failed { throw Self.failure(failed, path: path) }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ number: Int32, path: String) -> MediaError {
        let code: MediaError.Code = number == ENOSPC || number == EDQUOT ? .diskFull : .cannotWrite
        let remedy = code == .diskFull ? "Make room on its disk." : "Name a file in a folder that exists and is yours."
        return MediaError(code, "\(path) cannot be written. \(remedy)", cause: String(cString: strerror(number)))
    }
}
