import Foundation
import HypeServer

/// The address of a stream that a client wants to be fetched.
///
/// What the worker may do with it is checked there once more, where names become numbers.
package struct StreamAddress: Sendable {
    /// Protocols that streams are fetched by.
    package static let schemes: Set<String> = ["http", "https", "rtmp", "rtmps", "udp", "rtp", "srt", "rtsp"]
    /// Longest address in bytes.
    package static let longest = 2048

    /// The address as it was given.
    package let text: String
    /// The address without user, password and query, which may be secret.
    package let shown: String

    /// Checks an address.
    ///
    /// - Throws: ``RequestFailure`` where it is none, or its protocol is not allowed.
    package init(_ text: String) throws {
        guard text.utf8.count <= Self.longest, let parts = URLComponents(string: text),
            let scheme = parts.scheme?.lowercased(), let host = parts.host, !host.isEmpty
        else {
            throw RequestFailure(
                .invalid,
                "url must be an address such as https://host/stream.m3u8 or udp://127.0.0.1:5000."
            )
        }
        guard Self.schemes.contains(scheme) else {
            throw RequestFailure(.invalid, "Streams are fetched by \(Self.schemes.sorted().joined(separator: ", ")).")
        }
        self.text = text
        var shown = parts
        shown.user = nil
        shown.password = nil
        shown.query = nil
        shown.fragment = nil
        self.shown = shown.string ?? scheme + "://" + host
    }
}
