/// A random number generator whose numbers are the same on every machine.
///
/// Source: S. Vigna, <https://prng.di.unimi.it/splitmix64.c> (public domain).
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator.
    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// A number that is evenly distributed over 0 ..< 1.
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A whole number that is evenly distributed over 0 ..< `count`, up to a bias of 2⁻⁶⁴ · `count`.
    ///
    /// - Precondition: `count` is above 0.
    package mutating func index(below count: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// Whether something of a given probability happens.
    package mutating func happens(_ probability: Double) -> Bool { uniform() < probability }

    /// A normally distributed number with mean 0 and variance 1, by the sum of twelve even ones (so at most ±6).
    package mutating func normal() -> Double {
        (0..<12).reduce(-6.0) { sum, _ in sum + uniform() }
    }

    /// A Poisson distributed count.
    ///
    /// - Parameter mean: At least 0; above 1,000 it is taken as 1,000.
    /// - Returns: The count, at least 0.
    package mutating func poisson(_ mean: Double) -> Int {
        var rest = min(1000, mean)
        var count = 0
        while rest > 0 {
            let limit = Self.exponential(-min(rest, 16))
            var product = uniform()
            while product > limit {
                count += 1
                product *= uniform()
            }
            rest -= 16
        }
        return count
    }

    /// The exponential function from additions and multiplications only, so that it is bit for bit the same everywhere.
    ///
    /// Halves the argument ten times, takes six terms of the series and squares the result ten times; relative error
    /// below 10⁻⁹ for arguments within ±40.
    package static func exponential(_ value: Double) -> Double {
        let small = value / 1024
        var result = 1 + small * (1 + small / 2 * (1 + small / 3 * (1 + small / 4 * (1 + small / 5))))
        for _ in 0..<10 { result *= result }
        return result
    }
}
