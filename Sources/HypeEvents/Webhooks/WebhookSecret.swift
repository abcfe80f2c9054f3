import Foundation

/// The key with which deliveries are signed.
package enum WebhookSecret {
    /// Characters that a secret of a person may have.
    package static let lengths = 16...256
    /// Random bytes in a secret that we make: as many as HMAC-SHA256 makes use of.
    static let bytes = 32

    /// Makes a secret: 32 random bytes as 43 characters of base64url.
    package static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return make(using: &generator)
    }

    static func make(using generator: inout some RandomNumberGenerator) -> String {
        let random = (0..<bytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return Data(random).base64EncodedString()
            .replacing("+", with: "-")
            .replacing("/", with: "_")
            .replacing("=", with: "")
    }

    /// Looks at a secret that a person chose.
    ///
    /// - Throws: ``WebhookFailure`` with ``WebhookFailure/Code/secret``; the message does not contain the secret.
    package static func check(_ secret: String) throws(WebhookFailure) {
        guard lengths.contains(secret.count), secret.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
        else {
            throw WebhookFailure(
                .secret,
                "the secret must have \(lengths.lowerBound) to \(lengths.upperBound) characters and no control characters; "
                    + "leave it out and a good one is made"
            )
        }
    }
}
