/// How long the latest requests took, for estimates of how long the next ones will wait.
package struct ServiceTimes: Sendable {
    /// How many are remembered.
    private static let memory = 64
    /// What is assumed before the first one: a short clip on a slow machine.
    private static let assumed = Duration.milliseconds(100)

    private var times: [Duration] = []
    private var next = 0

    /// Creates a record of nothing.
    package init() {}

    /// Mean time of a request.
    package var mean: Duration {
        times.isEmpty ? Self.assumed : times.reduce(.zero, +) / times.count
    }

    /// Remembers a request that was answered; the oldest is forgotten.
    package mutating func add(_ time: Duration) {
        if times.count < Self.memory {
            times.append(time)
        } else {
            times[next] = time
            next = (next + 1) % Self.memory
        }
    }
}
