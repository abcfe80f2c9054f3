/// How a pool of workers works.
package struct PoolSettings: Sendable {
    /// How its workers are started.
    ///
    /// One that dies is blamed on its request at once; the pool decides what follows.
    package var worker: WorkerSettings
    /// How large it is.
    package var limits: PoolLimits
    /// How long a worker may work on one request, whatever it says meanwhile.
    package var longest: Duration
    /// How long after its deadline a request may still be answered; a worker keeps the deadline itself, but looks at the
    /// clock between steps only.
    package var grace = Duration.milliseconds(100)

    /// Creates settings.
    package init(worker: WorkerSettings, limits: PoolLimits, longest: Duration = .seconds(600)) {
        self.worker = worker
        self.worker.maximumDeaths = 1
        // A hostile file ends a worker in no time; the others must not wait for the next one because of that.
        self.worker.backoff = Backoff(first: .milliseconds(20), longest: .seconds(2), reset: .seconds(5))
        self.limits = limits
        self.longest = longest
    }
}
