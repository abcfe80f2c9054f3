/// Where an IP address leads.
///
/// Source: the special-purpose address registries of IANA for IPv4 and IPv6, as of 2025 (RFC 6890 and what updates it).
package enum AddressReach: String, Hashable, Sendable, CaseIterable {
    /// Anywhere on the internet.
    case global
    /// This machine.
    case loopback
    /// A network at home, in a company or at a provider.
    case `private`
    /// The machines on the same cable; clouds hand out credentials there.
    case linkLocal
    /// Groups of machines.
    case multicast
    /// Documentation, tests, protocols, not assigned.
    case reserved

    /// Where an address leads; addresses that carry an IPv4 address lead where that does.
    package init(_ address: IPAddress) {
        self = address.isIPv6 ? Self.v6(address.bytes) : Self.v4(address.bytes)
    }

    /// IPv4 blocks that are not global; the first that fits counts.
    private static let blocks4: [(network: [UInt8], bits: Int, reach: AddressReach)] = [
        ([0, 0, 0, 0], 8, .reserved),  // this network
        ([10, 0, 0, 0], 8, .private),
        ([100, 64, 0, 0], 10, .private),  // shared by customers of a provider
        ([127, 0, 0, 0], 8, .loopback),
        ([169, 254, 0, 0], 16, .linkLocal),
        ([172, 16, 0, 0], 12, .private),
        ([192, 0, 0, 0], 24, .reserved),  // protocol assignments
        ([192, 0, 2, 0], 24, .reserved),  // documentation
        ([192, 31, 196, 0], 24, .reserved),  // AS112
        ([192, 52, 193, 0], 24, .reserved),  // multicast tunnels
        ([192, 88, 99, 0], 24, .reserved),  // 6to4 relays, given up
        ([192, 168, 0, 0], 16, .private),
        ([192, 175, 48, 0], 24, .reserved),  // AS112
        ([198, 18, 0, 0], 15, .reserved),  // benchmarks
        ([198, 51, 100, 0], 24, .reserved),  // documentation
        ([203, 0, 113, 0], 24, .reserved),  // documentation
        ([224, 0, 0, 0], 4, .multicast),
        ([240, 0, 0, 0], 4, .reserved),
    ]

    /// IPv6 blocks by their first bytes; the first that fits counts.
    ///
    /// What is in none of them and not in 2000::/3 is not
    /// assigned.
    private static let blocks6: [(network: [UInt8], bits: Int, reach: AddressReach)] = [
        ([0xfc], 7, .private),  // unique local
        ([0xfe, 0x80], 10, .linkLocal),
        ([0xfe, 0xc0], 10, .private),  // site-local, given up
        ([0xff], 8, .multicast),
        ([0x20, 0x01, 0x00], 23, .reserved),  // protocol assignments, Teredo, ORCHID
        ([0x20, 0x01, 0x0d, 0xb8], 32, .reserved),  // documentation
        ([0x26, 0x20, 0x00, 0x4f, 0x80, 0x00], 48, .reserved),  // AS112
        ([0x3f, 0xff, 0x00], 20, .reserved),  // documentation
        ([0x20], 3, .global),
    ]

    private static func v4(_ bytes: [UInt8]) -> AddressReach {
        blocks4.first { matches(bytes, $0.network, $0.bits) }?.reach ?? .global
    }

    private static func v6(_ bytes: [UInt8]) -> AddressReach {
        let low = Array(bytes[12...])
        if bytes[..<12].allSatisfy({ $0 == 0 }) {
            // ::1 is this machine, :: is none; the rest are IPv4-compatible addresses, given up.
            return low == [0, 0, 0, 1] ? .loopback : .reserved
        }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        let isNAT64 = matches(bytes, [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], 96)
        if isMapped || isNAT64 { return v4(low) }
        if matches(bytes, [0x00, 0x64, 0xff, 0x9b, 0x00, 0x01], 48) { return .private }  // NAT64 of one network
        if matches(bytes, [0x20, 0x02], 16) { return v4(Array(bytes[2..<6])) }  // 6to4
        return blocks6.first { matches(bytes, $0.network, $0.bits) }?.reach ?? .reserved
    }

    /// Whether the first `bits` bits are those of a network.
    private static func matches(_ bytes: [UInt8], _ network: [UInt8], _ bits: Int) -> Bool {
        let whole = bits / 8
        guard bytes.prefix(whole).elementsEqual(network.prefix(whole)) else { return false }
        guard bits % 8 != 0 else { return true }
        let mask = ~(UInt8.max >> (bits % 8))
        return bytes[whole] & mask == network[whole] & mask
    }
}
