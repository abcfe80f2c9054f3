import Crypto
package import Foundation

/// The proof that a delivery comes from us and was not changed.
///
/// `t=<seconds>,v1=<hexadecimal>`: the time of the attempt in seconds since 1970, and HMAC-SHA256 over that number, a full
/// stop and the body, with the UTF-8 bytes of the secret as key. The time is signed too, so that a receiver can refuse
/// what somebody recorded and sends again later.
package enum WebhookSignature {
    /// Name of the header.
    package static let header = "X-Hypeclip-Signature"

    /// The header's value.
    ///
    /// - Parameters:
    ///   - body: The bytes that are sent.
    ///   - secret: The webhook's secret.
    ///   - time: The time of the attempt.
    /// - Returns: `t=…,v1=…`.
    package static func sign(_ body: Data, secret: String, at time: Date) -> String {
        let seconds = Int64(time.timeIntervalSince1970)
        var mac = HMAC<SHA256>(key: SymmetricKey(data: Data(secret.utf8)))
        mac.update(data: Data("\(seconds).".utf8))
        mac.update(data: body)
        return "t=\(seconds),v1=" + mac.finalize().map { hexadecimal($0) }.joined()
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
}
