/// Adds up the time that one kind of work takes.
struct Stopwatch: Sendable {
    private(set) var total = Duration.zero

    mutating func measure<Result>(_ work: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer { total += ContinuousClock.now - start }
        return try work()
    }
}
