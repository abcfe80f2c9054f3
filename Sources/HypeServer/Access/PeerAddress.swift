/// What an address says about where it is.
package enum PeerAddress {
    /// Whether a host to listen on is reachable from this machine alone.
    ///
    /// - Parameter host: A name or an address, IPv6 with or without brackets.
    /// - Returns: False too for whatever is no address.
    package static func isLoopback(_ host: String) -> Bool {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().prefix { $0 != "]" }) : host.lowercased()
        if bare == "localhost" || bare == "::1" { return true }
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The key under which a client's deeds are counted: an IPv4 address, or the network (/64) of an IPv6 one.
    ///
    /// One household has a whole /64 network, so counting single IPv6 addresses would count nothing.
    ///
    /// - Parameter address: An IPv4 address, or an IPv6 address in any spelling without brackets.
    /// - Returns: The key; the text itself where it is no address.
    package static func bucket(_ address: String) -> String {
        guard address.contains(":") else { return address }
        if let mapped = address.split(separator: ":").last, mapped.contains(".") { return String(mapped) }
        let bare = address.prefix { $0 != "%" }
        let halves = bare.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        var groups = halves.first.map { $0.split(separator: ":").map(String.init) } ?? []
        if halves.count == 2 {
            let tail = halves[1].split(separator: ":").map(String.init)
            groups += Array(repeating: "0", count: max(0, 8 - groups.count - tail.count)) + tail
        }
        return groups.prefix(4).map { UInt16($0, radix: 16).map { String($0, radix: 16) } ?? $0 }
            .joined(separator: ":") + "::/64"
    }
}
