package import Foundation

/// Makes identifiers that are unique and ascend with time.
///
/// 12 hexadecimal digits of milliseconds since 1970, 4 that count within a millisecond, and 8 at random, so that two
/// programs do not make the same. When the wall clock steps back, the identifiers go on from where they were.
package struct TimedIdentifier: Sendable {
    private var milliseconds: UInt64 = 0
    private var count: UInt64 = 0

    /// Creates a maker that has made none.
    package init() {}

    /// The next identifier.
    package mutating func next(at time: Date, random: UInt32 = .random(in: .min ... .max)) -> String {
        let present = UInt64(max(0, time.timeIntervalSince1970 * 1000))
        if present > milliseconds {
            milliseconds = present
            count = 0
        } else if count == 0xffff {
            milliseconds += 1
            count = 0
        } else {
            count += 1
        }
        return Self.hexadecimal(milliseconds, digits: 12) + Self.hexadecimal(count, digits: 4)
            + Self.hexadecimal(UInt64(random), digits: 8)
    }

    private static func hexadecimal(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text.suffix(digits)
    }
}
