import Foundation

/// Tells hosts of the public Internet from those of private networks and this machine.
package enum HostCheck {
    /// Throws where a host is, or resolves to, an address that is not public.
    ///
    /// - Parameter host: A name or an address.
    /// - Throws: ``MediaError`` with code `.cannotOpen` (private) or `.sourceLost` (unknown).
    package static func requirePublic(_ host: String) throws(MediaError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard !host.isEmpty, getaddrinfo(host, nil, &hints, &list) == 0 else {
            throw MediaError(.sourceLost, "The host \(host) is not known. Check the address and the network.")
        }
        defer { freeaddrinfo(list) }
        var cursor = list
        while let entry = cursor {
            guard let address = bytes(of: entry.pointee), isPublic(address) else {
                throw MediaError(
                    .cannotOpen,
                    "\(host) is an address of a private network. Allow private addresses in the settings to watch it."
                )
            }
            cursor = entry.pointee.ai_next
        }
    }

    /// Whether an address of 4 (IPv4) or 16 bytes (IPv6) is one of the public Internet.
    ///
    /// The special ranges are those of RFC 6890 and its successors in IANA's registries.
    package static func isPublic(_ bytes: [UInt8]) -> Bool {
        if bytes.count == 4 {
            switch (bytes[0], bytes[1], bytes[2]) {
            case (0, _, _), (10, _, _), (127, _, _), (100, 64...127, _), (169, 254, _), (172, 16...31, _),
                (192, 168, _), (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 18...19, _), (198, 51, 100),
                (203, 0, 113), (224..., _, _):
                return false
            default: return true
            }
        }
        guard bytes.count == 16 else { return false }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        if isMapped { return isPublic(Array(bytes[12...])) }
        // NAT64 leads to the IPv4 address in its last bytes.
        if bytes[..<12] == [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0] { return isPublic(Array(bytes[12...])) }
        // Global unicast is 2000::/3; documentation, Teredo and 6to4 inside it lead elsewhere.
        guard bytes[0] & 0xe0 == 0x20 else { return false }
        if bytes[0] == 0x20, bytes[1] == 0x02 { return false }
        if bytes[0] == 0x20, bytes[1] == 0x01, bytes[2] < 0x02 { return false }
        return !(bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0d && bytes[3] == 0xb8)
    }

    private static func bytes(of entry: addrinfo) -> [UInt8]? {
        guard let address = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { Array($0) }
            }
        default:
            return nil
        }
    }
}
