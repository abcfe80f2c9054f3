/// How large a pool of workers is and how much may wait for it.
package struct PoolLimits: Sendable, Hashable {
    /// Workers, at least 1.
    package var workers: Int
    /// Requests that may wait, at least 1.
    package var waiting: Int
    /// Requests after which a worker is replaced; its successor starts with clean memory.
    package var lifetime = 10_000
    /// Growth of a worker's resident memory in bytes, since it was warm, after which it is replaced.
    package var growth: Int64 = 256 << 20
    /// Workers that one request may cost before it is given up.
    package var deaths = 2

    /// Creates limits.
    package init(workers: Int, waiting: Int) {
        self.workers = max(1, workers)
        self.waiting = max(1, waiting)
    }
}
