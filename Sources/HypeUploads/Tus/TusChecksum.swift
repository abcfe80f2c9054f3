import Crypto
import Foundation
import NIOCore

/// The checksum of one piece of a resumable upload (tus 1.0.0, "Checksum").
package struct TusChecksum: Hashable, Sendable {
    /// Ways of computing it.
    package enum Algorithm: String, Sendable, CaseIterable {
        /// What every server must know; only against damage on the way.
        case sha1
        /// The better one.
        case sha256
    }

    /// How it was computed.
    package let algorithm: Algorithm
    /// What came out.
    package let digest: [UInt8]

    /// Reads `Upload-Checksum: sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=`.
    ///
    /// - Throws: ``UploadError`` `badRequest`.
    package init(_ header: String) throws(UploadError) {
        let words = header.split(separator: " ")
        guard words.count == 2, let algorithm = Algorithm(rawValue: words[0].lowercased()),
            let digest = Data(base64Encoded: String(words[1]))
        else {
            throw UploadError(.badRequest, "Upload-Checksum must be sha1 or sha256, a space, and the digest in base64.")
        }
        self.algorithm = algorithm
        self.digest = Array(digest)
    }

    /// A checksum that is being computed.
    enum Running: Sendable {
        case sha1(Insecure.SHA1)
        case sha256(SHA256)

        init(_ algorithm: Algorithm) {
            switch algorithm {
            case .sha1: self = .sha1(Insecure.SHA1())
            case .sha256: self = .sha256(SHA256())
            }
        }

        mutating func update(_ bytes: ByteBuffer) {
            bytes.withUnsafeReadableBytes { bytes in
                switch self {
                case .sha1(var hasher):
                    hasher.update(bufferPointer: bytes)
                    self = .sha1(hasher)
                case .sha256(var hasher):
                    hasher.update(bufferPointer: bytes)
                    self = .sha256(hasher)
                }
            }
        }

        var digest: [UInt8] {
            switch self {
            case .sha1(let hasher): Array(hasher.finalize())
            case .sha256(let hasher): Array(hasher.finalize())
            }
        }
    }
}
