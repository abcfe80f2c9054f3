import Crypto
import Foundation

/// A secret that can be compared but not read.
///
/// Holds the SHA-256 of the secret, so two secrets of any lengths are compared in the same time.
package struct TokenDigest: Hashable, Sendable, CustomStringConvertible {
    private let digest: [UInt8]

    /// Takes a secret.
    package init(_ secret: String) { digest = Array(SHA256.hash(data: Data(secret.utf8))) }

    /// Whether a client presented the same secret; the time that it takes says nothing about the secret.
    package func matches(_ presented: String) -> Bool {
        let other = SHA256.hash(data: Data(presented.utf8))
        var difference: UInt8 = 0
        for (left, right) in zip(digest, other) { difference |= left ^ right }
        return difference == 0
    }

    package var description: String { "(secret)" }
}
