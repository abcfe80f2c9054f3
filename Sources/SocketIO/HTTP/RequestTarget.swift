/// Path and query of a request's target.
package struct RequestTarget: Hashable {
    /// Before the question mark, as it came.
    package let path: Substring
    /// The query's fields in their order, decoded.
    package let query: [Field]

    /// One field of a query.
    package struct Field: Hashable {
        /// Its name.
        package let name: String
        /// Its value; empty when there is none.
        package let value: String
    }

    /// Parses a target.
    ///
    /// - Parameter target: As in the request line; an absolute form keeps only its path.
    package init(_ target: String) {
        let rest = Self.withoutAuthority(target)
        guard let mark = rest.firstIndex(of: "?") else {
            path = rest
            query = []
            return
        }
        path = rest[..<mark]
        query = rest[rest.index(after: mark)...].split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Field(name: Self.decode(parts[0]), value: parts.count > 1 ? Self.decode(parts[1]) : "")
        }
    }

    /// The first field of a name.
    package subscript(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// The path alone, without looking at the query.
    package static func path(of target: String) -> Substring { withoutAuthority(target).prefix { $0 != "?" } }

    private static func withoutAuthority(_ target: String) -> Substring {
        let rest = Substring(target)
        guard !rest.hasPrefix("/"), let mark = rest.firstIndex(of: ":"), rest[mark...].hasPrefix("://") else {
            return rest
        }
        let host = rest[rest.index(mark, offsetBy: 3)...]
        return host.firstIndex(of: "/").map { host[$0...] } ?? "/"
    }

    private static func decode(_ text: Substring) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(text)
        }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), rest.count >= 2, let code = UInt8(hex: rest.prefix(2)) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate init?(hex: Substring.UTF8View) {
        guard hex.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        self.init(Substring(hex), radix: 16)
    }
}
