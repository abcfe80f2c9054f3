import Crypto
package import SystemPackage

/// Size and SHA-256 of a file.
package struct FileDigest: Hashable, Sendable {
    /// Bytes of the file.
    package let bytes: Int64
    /// 64 lower-case hexadecimal digits.
    package let sha256: String

    /// Reads a file from its beginning to its end.
    ///
    /// - Parameters:
    ///   - path: A file.
    ///   - onPiece: Called after each piece of 1 MiB at most; what it throws ends the reading.
    /// - Throws: `Errno` where the file cannot be read, or what `onPiece` throws.
    package init(ofFile path: String, onPiece: () throws -> Void = {}) throws {
        var hasher = try FileHasher(path: path)
        while try hasher.advance() { try onPiece() }
        self = hasher.finish()
    }

    init(bytes: Int64, digest: SHA256.Digest) {
        self.bytes = bytes
        sha256 = Self.text(of: digest)
    }

    /// The SHA-256 of bytes in memory.
    ///
    /// - Parameter bytes: Any bytes.
    /// - Returns: 64 lower-case hexadecimal digits.
    package static func sha256(of bytes: [UInt8]) -> String { text(of: SHA256.hash(data: bytes)) }

    private static func text(of digest: SHA256.Digest) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// Reads a file piece by piece, for those who do something else in between.
///
/// Into memory of its own and without Foundation, whose file handles read 4 KiB at a time.
package struct FileHasher: ~Copyable {
    private static let pieceLength = 1 << 20

    private let file: FileDescriptor
    private var piece = [UInt8](repeating: 0, count: pieceLength)
    private var hasher = SHA256()
    private var bytes: Int64 = 0

    /// Opens a file.
    ///
    /// - Throws: `Errno`.
    package init(path: String) throws(Errno) {
        do { file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) } catch {
            throw error as? Errno ?? .ioError
        }
    }

    deinit { try? file.close() }

    /// Takes in the next piece; false at the end of the file.
    ///
    /// - Throws: `Errno`.
    package mutating func advance() throws(Errno) -> Bool {
        do {
            let file = file
            let count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
            hasher.update(data: piece[..<count])
            bytes += Int64(count)
            return count > 0
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    /// What was taken in.
    package consuming func finish() -> FileDigest { FileDigest(bytes: bytes, digest: hasher.finalize()) }
}
