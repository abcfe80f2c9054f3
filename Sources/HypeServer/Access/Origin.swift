/// Where a page of a browser comes from: scheme, host and port.
package struct Origin: Hashable, Sendable, CustomStringConvertible {
    /// `http` or `https`.
    package let scheme: String
    /// Name or address in lower case; IPv6 in brackets.
    package let host: String
    /// Port, 1…65535; the scheme's own where none was named.
    package let port: Int

    /// Reads an origin, or the beginning of an address up to its path.
    ///
    /// - Parameter text: Such as `https://example.org:8443`; nil for everything else, and for `null`.
    package init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let scheme = text[..<colon].lowercased()
        guard scheme == "http" || scheme == "https", text[colon...].hasPrefix("://") else { return nil }
        let rest = text[text.index(colon, offsetBy: 3)...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        self.init(scheme: scheme, authority: String(authority))
    }

    /// Combines a scheme with the `Host` field of a request.
    package init?(scheme: String, authority: String) {
        guard let parts = HostName.split(authority) else { return nil }
        self.scheme = scheme
        host = parts.host
        port = parts.port ?? (scheme == "https" ? 443 : 80)
    }

    package var description: String {
        let isUsual = port == (scheme == "https" ? 443 : 80)
        return isUsual ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
    }
}

/// The name and the port in a `Host` field.
package enum HostName {
    /// Splits `name:port`.
    ///
    /// - Parameter authority: Such as `example.org`, `127.0.0.1:3000` or `[::1]:3000`; nobody's name and password.
    /// - Returns: The name in lower case and the port, or nil where it is no such thing.
    package static func split(_ authority: String) -> (host: String, port: Int?)? {
        guard !authority.isEmpty, authority.utf8.count <= 255, authority.utf8.allSatisfy(isAllowed) else { return nil }
        var host = Substring(authority)
        var port: Int?
        let afterBracket = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[afterBracket...].lastIndex(of: ":") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65535).contains(number) else {
                return nil
            }
            port = number
            host = authority[..<colon]
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.count > 2
        guard !host.isEmpty, isBracketed || !host.contains(where: { ":[]".contains($0) }) else { return nil }
        return (host.lowercased(), port)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._:[]".utf8.contains(byte)
        }
    }
}
