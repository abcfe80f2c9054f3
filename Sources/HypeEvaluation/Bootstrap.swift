import HypeCore

/// Intervals of figures by drawing items anew (Efron 1979, percentile method).
///
/// Whole groups are drawn, such as all files of a speaker, since files of one person are alike. The generator is seeded:
/// the same items give the same interval.
package struct Bootstrap: Sendable {
    /// Positions of the items of each group.
    package let groups: [[Int]]
    /// How often items are drawn.
    package let rounds: Int
    /// Seed of the generator.
    package let seed: UInt64

    /// Creates a bootstrap.
    ///
    /// - Parameters:
    ///   - groups: Positions of the items of each group, at least one group.
    ///   - rounds: How often items are drawn, at least 1.
    ///   - seed: Seed of the generator.
    package init(groups: [[Int]], rounds: Int = 1000, seed: UInt64 = 7) {
        self.groups = groups
        self.rounds = max(1, rounds)
        self.seed = seed
    }

    /// The 95 % intervals of several figures of the same draws.
    ///
    /// - Parameter measure: Gives the figures of the items at some positions, which may repeat.
    /// - Returns: Lowest and highest value of each figure, from the 2.5th to the 97.5th percentile.
    package func intervals(_ measure: ([Int]) -> [Double]) -> [[Double]] {
        guard !groups.isEmpty else { return [] }
        var random = SplitMix64(seed: seed)
        var values: [[Double]] = []
        for _ in 0..<rounds {
            var drawn: [Int] = []
            for _ in groups.indices { drawn += groups[random.index(below: groups.count)] }
            for (figure, value) in measure(drawn).enumerated() {
                if values.count <= figure { values.append([]) }
                values[figure].append(value)
            }
        }
        return values.map { [Metrics.percentile($0, 0.025), Metrics.percentile($0, 0.975)] }
    }
}
