package import HypeChat

/// Where a chat service listens, and what is spoken there.
package struct ServiceAddress: Hashable, Sendable {
    /// What is spoken.
    package enum Language: Hashable, Sendable {
        /// WebSocket, with the path and query to ask for.
        case webSocket(target: String)
        /// Lines over a bare connection.
        case lines
    }

    /// What is spoken.
    package let language: Language
    /// Whether the connection is encrypted.
    package let isSecure: Bool
    /// Name or address of the host, without brackets.
    package let host: String
    /// TCP port.
    package let port: Int

    /// Reads `wss://`, `ws://`, `ircs://` and `irc://` addresses.
    ///
    /// - Parameter text: The address.
    /// - Throws: ``TwitchFailure/Code/settings`` for anything else; the message names no more than the scheme, since a
    ///   query may be a secret.
    package init(_ text: String) throws(TwitchFailure) {
        guard let (isSecure, isWebSocket, rest) = Self.scheme(text) else {
            throw TwitchFailure(.settings, "a chat address must begin with wss://, ws://, ircs:// or irc://")
        }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let authority = rest[..<end]
        let tail = rest[end...].prefix { $0 != "#" }
        guard tail.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !authority.contains("@") else {
            throw TwitchFailure(.settings, "the chat address holds characters that an address may not have")
        }
        var host = authority
        var port = isWebSocket ? (isSecure ? 443 : 80) : (isSecure ? 6697 : 6667)
        let afterBrackets = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[afterBrackets...].lastIndex(of: ":") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else {
                throw TwitchFailure(.settings, "the chat address has a port that is not 1 to 65535")
            }
            port = number
            host = authority[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw TwitchFailure(.settings, "the chat address has no host")
        }
        self.isSecure = isSecure
        self.host = String(host)
        self.port = port
        language = isWebSocket ? .webSocket(target: tail.hasPrefix("/") ? String(tail) : "/" + tail) : .lines
    }

    private static func scheme(_ text: String) -> (isSecure: Bool, isWebSocket: Bool, rest: Substring)? {
        let schemes = [
            ("wss://", true, true), ("ws://", false, true), ("ircs://", true, false), ("irc://", false, false),
        ]
        return schemes.first { text.hasPrefix($0.0) }.map { ($0.1, $0.2, text.dropFirst($0.0.count)) }
    }

    /// What stands in the `Host` header.
    var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }
}
