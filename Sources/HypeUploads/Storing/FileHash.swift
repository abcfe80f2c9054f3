import Crypto
import Foundation

/// Reads files that are on the disk already.
enum FileHash {
    private static let pieceLength = 1 << 20

    /// SHA-256 of a file, in lower-case hexadecimal digits; 1 MiB at a time.
    static func sha256(of path: String) throws(UploadError) -> String {
        let descriptor = try open(path)
        defer { _ = close(descriptor) }
        var hasher = SHA256()
        var piece = [UInt8](repeating: 0, count: pieceLength)
        while true {
            let count = read(descriptor, &piece, pieceLength)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .disk(DiskCalls.Failure(errno), doing: "read the file") }
            if count == 0 { return hasher.finalize().hexadecimal }
            piece.withUnsafeBytes { hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
        }
    }

    /// The first bytes of a file.
    static func prefix(of path: String, length: Int) throws(UploadError) -> [UInt8] {
        let descriptor = try open(path)
        defer { _ = close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: length)
        var filled = 0
        while filled < length {
            let count = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress.map { $0 + filled }, length - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .disk(DiskCalls.Failure(errno), doing: "read the file") }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes.prefix(filled))
    }

    private static func open(_ path: String) throws(UploadError) -> Int32 {
        let descriptor = Foundation.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .disk(DiskCalls.Failure(errno), doing: "open the file") }
        return descriptor
    }
}

extension Digest {
    /// The digest in lower-case hexadecimal digits.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
