import Crypto
package import Foundation
package import HypeCatalogue

/// Reads files piece by piece to say what they are.
package enum FileHash {
    /// Bytes that are in memory at once: 1 MiB.
    static let pieceLength = 1 << 20

    /// Size and SHA-256 of a file.
    ///
    /// - Parameter url: The file.
    /// - Returns: Its facts.
    /// - Throws: What reading throws, or `CancellationError`.
    package static func facts(of url: URL) throws -> FileFacts {
        var hasher = SHA256()
        var bytes: Int64 = 0
        try forEachPiece(of: url) { piece in
            hasher.update(data: piece)
            bytes += Int64(piece.count)
        }
        return FileFacts(bytes: bytes, sha256: hasher.finalize().hexadecimal)
    }

    /// Hands a file over piece by piece.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - body: Takes at most ``pieceLength`` bytes at a time.
    /// - Throws: What reading or `body` throws, or `CancellationError`.
    static func forEachPiece(of url: URL, _ body: (Data) throws -> Void) throws {
        let file = try FileHandle(forReadingFrom: url)
        defer { try? file.close() }
        while let piece = try file.read(upToCount: pieceLength), !piece.isEmpty {
            try Task.checkCancellation()
            try body(piece)
        }
    }
}

extension SHA256Digest {
    /// 64 lower-case hexadecimal digits.
    var hexadecimal: String {
        map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
