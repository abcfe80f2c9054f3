import Foundation

/// An address that events can be sent to, taken apart.
///
/// Only what is needed to reach a receiver is understood, and everything else is refused, so that no other reader of the
/// text can see another host in it: `http` or `https`, a name or an IP address in ASCII, a port, a path with a query.
package struct WebhookAddress: Hashable, Sendable, CustomStringConvertible {
    /// Longest text that is accepted, in bytes.
    package static let longest = 2048

    /// Whether the connection is encrypted (`https`).
    package let isSecure: Bool
    /// The name or IP address in lower case, an IPv6 address without brackets.
    package let host: String
    /// Whether ``host`` is an IPv6 address.
    package let isIPv6: Bool
    /// The port: 80, 443, or 1024…65535.
    package let port: Int
    /// Path and query as they stand in the request line; begins with `/`.
    package let target: String

    /// Takes an address apart.
    ///
    /// - Parameter text: The address as a person wrote it.
    /// - Throws: ``WebhookFailure`` with ``WebhookFailure/Code/address`` and what is wrong with it.
    package init(_ text: String) throws(WebhookFailure) {
        guard text.utf8.count <= Self.longest else {
            throw Self.unusable("is longer than \(Self.longest) bytes")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Self.unusable("contains blanks, control characters or letters outside of ASCII; encode them")
        }
        guard let colon = text.firstRange(of: "://") else {
            throw Self.unusable("does not begin with http:// or https://")
        }
        switch text[..<colon.lowerBound].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: throw Self.unusable("does not begin with http:// or https://")
        }
        let rest = text[colon.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@") else { throw Self.unusable("contains a user name; use the secret instead") }
        let (name, portText) = try Self.split(authority)
        isIPv6 = name.hasPrefix("[")
        host = (isIPv6 ? String(name.dropFirst().dropLast()) : String(name)).lowercased()
        try Self.check(host: host, isIPv6: isIPv6)
        port = try Self.port(portText, isSecure: isSecure)
        target = try Self.target(rest[end...])
    }

    /// What stands in the `Host` header: the host, and the port where it is not the usual one.
    package var hostHeader: String {
        let name = isIPv6 ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    package var description: String { "\(isSecure ? "https" : "http")://\(hostHeader)\(target)" }

    private static func split(_ authority: Substring) throws(WebhookFailure) -> (host: Substring, port: Substring?) {
        let hostEnd: Substring.Index
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { throw unusable("has a bracket without its pair") }
            hostEnd = authority.index(after: bracket)
        } else {
            hostEnd = authority.firstIndex(of: ":") ?? authority.endIndex
        }
        let tail = authority[hostEnd...]
        guard tail.isEmpty || tail.hasPrefix(":") else {
            throw unusable("has something after the host that is no port")
        }
        return (authority[..<hostEnd], tail.isEmpty ? nil : tail.dropFirst())
    }

    private static func check(host: String, isIPv6: Bool) throws(WebhookFailure) {
        if isIPv6 {
            guard IPAddress(host)?.isIPv6 == true else { throw unusable("has no IPv6 address between its brackets") }
            return
        }
        let isName = host.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        }
        guard isName, (1...253).contains(host.utf8.count), !host.hasPrefix("."), !host.contains("..") else {
            throw unusable("has no host, or one that is not written in letters, digits, hyphens and dots")
        }
    }

    private static func port(_ text: Substring?, isSecure: Bool) throws(WebhookFailure) -> Int {
        guard let text else { return isSecure ? 443 : 80 }
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(text), port == 80 || port == 443 || (1024...65_535).contains(port)
        else {
            throw unusable("has a port other than 80, 443 and 1024 to 65535")
        }
        return port
    }

    private static func target(_ text: Substring) throws(WebhookFailure) -> String {
        guard !text.contains("#") else { throw unusable("has a fragment (#…), which is never sent") }
        guard !text.contains("\\") else { throw unusable("contains a backslash") }
        return text.hasPrefix("/") ? String(text) : "/" + text
    }

    private static func unusable(_ reason: String) -> WebhookFailure {
        WebhookFailure(.address, "the address \(reason)")
    }
}
