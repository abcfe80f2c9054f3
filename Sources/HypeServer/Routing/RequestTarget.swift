/// The path and the parameters of a request's address.
package struct RequestTarget: Hashable, Sendable {
    /// The most bytes that an address may have.
    package static let longest = 8192

    /// The path's parts between slashes, decoded; empty for `/`.
    package let segments: [String]
    /// The parameters behind the question mark, decoded, in their order.
    package let parameters: [(name: String, value: String)]

    /// Reads the target of a request.
    ///
    /// - Parameter text: Such as `/api/clips?limit=5`.
    /// - Throws: ``Problem`` with status 400 or 414.
    package init(_ text: String) throws(Problem) {
        guard text.utf8.count <= Self.longest else {
            throw Problem(414, "The address is longer than \(Self.longest) bytes.")
        }
        guard text.hasPrefix("/") else { throw Problem(400, "The address must begin with a slash.") }
        let fragmentless = text.prefix { $0 != "#" }
        let halves = fragmentless.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var segments: [String] = []
        for part in halves[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let decoded = Self.decode(part, plusIsBlank: false) else {
                throw Problem(400, "The path is not well encoded.")
            }
            segments.append(decoded)
        }
        if segments == [""] { segments = [] }
        self.segments = segments
        var parameters: [(String, String)] = []
        for pair in (halves.count == 2 ? halves[1] : "").split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(sides[0], plusIsBlank: true),
                let value = Self.decode(sides.count == 2 ? sides[1] : "", plusIsBlank: true)
            else { throw Problem(400, "The parameters are not well encoded.") }
            parameters.append((name, value))
        }
        self.parameters = parameters
    }

    /// The value of a parameter; the first one where it is there twice.
    package subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    package static func == (left: Self, right: Self) -> Bool {
        left.segments == right.segments && left.parameters.elementsEqual(right.parameters, by: ==)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(segments)
        for (name, value) in parameters {
            hasher.combine(name)
            hasher.combine(value)
        }
    }

    /// Undoes percent-encoding; nil where it is broken, is no UTF-8 or hides a control character.
    private static func decode(_ text: Substring, plusIsBlank: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(plusIsBlank && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
