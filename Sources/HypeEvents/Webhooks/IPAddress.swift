/// An IPv4 or IPv6 address.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// Whether it has 16 bytes instead of 4.
    package let isIPv6: Bool
    /// 4 or 16 bytes, the most significant first.
    package let bytes: [UInt8]

    /// Creates an IPv4 address.
    package init(v4 first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        isIPv6 = false
        bytes = [first, second, third, fourth]
    }

    /// Creates an address from its bytes.
    ///
    /// - Parameter bytes: 4 or 16 bytes, the most significant first; nil for any other number.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        isIPv6 = bytes.count == 16
        self.bytes = bytes
    }

    /// Reads an address as it is usually written: four decimal numbers without leading zeroes, or RFC 4291 without a zone.
    ///
    /// - Parameter text: The address without brackets; nil where it is none.
    package init?(_ text: some StringProtocol) {
        guard let bytes = text.contains(":") ? Self.v6(text) : Self.v4(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// IPv4 with dots, or eight groups of hexadecimal digits.
    package var description: String {
        guard isIPv6 else { return bytes.map { "\($0)" }.joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }

    private static func v4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let bytes = parts.compactMap { part -> UInt8? in
            guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), part == "0" || !part.hasPrefix("0") else {
                return nil
            }
            return UInt8(part)
        }
        return bytes.count == 4 ? bytes : nil
    }

    private static func v6(_ text: some StringProtocol) -> [UInt8]? {
        guard let gap = String(text).firstRange(of: "::") else {
            return groups(text, isTail: true).flatMap { $0.count == 16 ? $0 : nil }
        }
        let string = String(text)
        guard let head = groups(string[..<gap.lowerBound], isTail: false),
            let tail = groups(string[gap.upperBound...], isTail: true), head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// The bytes of groups between colons; the last one of a tail may be an IPv4 address.
    private static func groups(_ text: some StringProtocol, isTail: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if isTail, index == parts.count - 1, part.contains(".") {
                guard let last = v4(part) else { return nil }
                bytes += last
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexadecimal),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xff)]
            }
        }
        return bytes.count <= 16 ? bytes : nil
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
