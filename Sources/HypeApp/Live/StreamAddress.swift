import Foundation
import HypeEvents
import HypeServer

/// The address of a stream that a client wants to be fetched.
///
/// What the worker may do with it is checked there once more, where names become numbers.
package struct StreamAddress: Sendable {
    /// Protocols that streams are fetched by.
    package static let schemes: Set<String> = ["http", "https", "rtmp", "rtmps", "udp", "srt"]
    /// Longest address in bytes.
    package static let longest = 2048

    /// The address as it was given.
    package let text: String
    /// The address without user, password and query, which may be secret.
    package let shown: String

    /// Checks an address.
    ///
    /// - Parameters:
    ///   - text: The address as it was given.
    ///   - mayBePrivate: Whether it may lead into a private network or to this machine.
    /// - Throws: ``RequestFailure`` where it is none, or its protocol or the place that it names is not allowed.
    package init(_ text: String, mayBePrivate: Bool) throws {
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
        // UDP listens at its address; nothing is asked of a host.
        guard mayBePrivate || scheme == "udp" || Self.isPublic(host) else {
            throw RequestFailure(
                .invalid,
                "\(host) lies in a private network or on this machine. If streams may be fetched from there, start the "
                    + "server with HYPECLIP_LIVE_PRIVATE=true."
            )
        }
        self.text = text
        var shown = parts
        shown.user = nil
        shown.password = nil
        shown.query = nil
        shown.fragment = nil
        self.shown = shown.string ?? scheme + "://" + host
    }

    /// Whether a host may be anywhere on the internet, as far as it can be told without looking its name up.
    private static func isPublic(_ host: String) -> Bool {
        let name = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).lowercased()
        if let address = IPAddress(name) { return AddressReach(address) == .global }
        return name != "localhost" && !name.hasSuffix(".localhost")
    }
}
