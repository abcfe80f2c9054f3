/// Why a pool of workers gives no answer to a request.
package enum PoolFailure: Error, Hashable, Sendable {
    /// Too many wait; it may be tried again after this time.
    case busy(retryAfter: Duration)
    /// Nothing was ready within the request's own deadline.
    case expired
    /// The request ended two workers.
    case guilty
    /// The worker worked on it for longer than any request may take.
    case tooLong(Duration)
    /// No worker can be started, or the one that works on it failed.
    case worker(WorkerFailure)
    /// The program ends.
    case closed
}
