/// What a pool of workers has done and what it does now.
package struct PoolReport: Sendable, Hashable {
    /// Things that only become more.
    package struct Counts: Sendable, Hashable {
        /// Requests that a worker answered, also with a failure.
        package var served = 0
        /// Requests that were turned away because too many waited.
        package var refused = 0
        /// Requests that were given up by who asked.
        package var cancelled = 0
        /// Requests whose time was over before a worker had answered.
        package var expired = 0
        /// Requests that were tried again after their worker had died.
        package var retried = 0
        /// Requests that were given up because they ended as many workers as they may.
        package var guilty = 0
        /// Workers that died.
        package var died = 0
        /// Workers that were replaced because of their age or their memory.
        package var replaced = 0

        /// Nothing yet.
        package init() {}
    }

    /// Workers that there should be.
    package var workers: Int
    /// Workers that are warm: idle or busy.
    package var ready: Int
    /// Workers that work on a request.
    package var busy: Int
    /// Requests that wait.
    package var waiting: Int
    /// Requests that may wait.
    package var capacity: Int
    /// Mean time of the latest requests in a worker.
    package var meanTime: Duration
    /// What was done so far.
    package var counts: Counts

    /// Creates a report.
    package init(
        workers: Int,
        ready: Int,
        busy: Int,
        waiting: Int,
        capacity: Int,
        meanTime: Duration,
        counts: Counts
    ) {
        self.workers = workers
        self.ready = ready
        self.busy = busy
        self.waiting = waiting
        self.capacity = capacity
        self.meanTime = meanTime
        self.counts = counts
    }
}
