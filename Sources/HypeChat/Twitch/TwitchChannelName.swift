/// The login of a channel: what stands behind `twitch.tv/`.
package struct TwitchChannelName: Hashable, Sendable, CustomStringConvertible {
    /// The login in lower case.
    package let text: String

    /// Reads a login, also with `#`, `@` or the address of the channel in front.
    ///
    /// The result is nil where it cannot be a login: 1 to 25 letters, digits and underscores.
    package init?(_ text: String) {
        var name = text[...]
        for prefix in ["https://", "http://", "www.", "m.", "twitch.tv/", "#", "@"] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
        }
        if name.hasSuffix("/") { name = name.dropLast() }
        guard (1...25).contains(name.utf8.count),
            name.utf8.allSatisfy({ ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0.isDigit || $0 == UInt8(ascii: "_") })
        else { return nil }
        self.text = name.lowercased()
    }

    package var description: String { text }
}
