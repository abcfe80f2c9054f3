package import Foundation

/// How an attempt to deliver ended.
package enum WebhookResult: Hashable, Sendable {
    /// The receiver answered.
    ///
    /// `retryAfter` is what it asks to wait, in seconds; nil where it does not.
    case reply(status: Int, retryAfter: Double?)
    /// There was no answer, for a reason that may pass.
    case unreachable(String)
    /// Nothing was sent, because the address must not be sent to.
    case refused(String)

    /// The result in words for a person.
    package var words: String {
        switch self {
        case .reply(let status, _) where (300...399).contains(status):
            "status \(status): the receiver points elsewhere, and redirects are not followed; register the final address"
        case .reply(let status, _): "status \(status)"
        case .unreachable(let reason), .refused(let reason): reason
        }
    }

    /// Reads a `Retry-After` header: seconds, or an HTTP date.
    ///
    /// - Parameters:
    ///   - text: The header's value.
    ///   - now: The wall clock.
    /// - Returns: Seconds to wait, at least 0; nil where it is neither.
    package static func retryAfter(_ text: String, now: Date) -> Double? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return Double(text) }
        guard text.hasSuffix(" GMT") else { return nil }
        let formatter = DateFormatter()
        formatter.isLenient = false
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text).map { max(0, $0.timeIntervalSince(now)) }
    }
}
