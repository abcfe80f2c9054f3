/// Names a request in the log and in its answer.
package enum RequestID {
    /// The most characters that a client's own name for a request may have.
    static let longest = 64

    /// A name that nobody else makes: 96 random bits as 24 hexadecimal digits.
    package static func make() -> String { randomDigits(bytes: 12) }

    /// The client's name for a request where it is one: 1…64 letters, digits, `.`, `_` and `-`; else a new one.
    package static func choose(_ presented: String?) -> String {
        guard let presented, !presented.isEmpty, presented.utf8.count <= longest,
            presented.utf8.allSatisfy(isAllowed)
        else { return make() }
        return presented
    }

    /// Random bytes of the system as hexadecimal digits.
    package static func randomDigits(bytes: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef")
        return String((0..<bytes * 2).map { _ in digits[Int(generator.next(upperBound: 16 as UInt8))] })
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
