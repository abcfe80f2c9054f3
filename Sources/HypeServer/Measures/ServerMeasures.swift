import Synchronization

/// Counts what the server does, from any task.
package final class ServerMeasures: Sendable {
    private let table = Mutex(MeasureTable())

    /// Creates measures that are all zero.
    package init() {}

    /// Adds to a counter.
    package func count(_ counter: MeasureTable.Counter, _ amount: Int64 = 1) {
        table.withLock { $0.add(counter, amount) }
    }

    /// Notes that a request began.
    package func begin() { table.withLock { $0.begin() } }

    /// Counts the answer to a request that began.
    package func end(route: String, status: Int, seconds: Double?) {
        table.withLock { table in
            table.end()
            table.answer(route: route, status: status, seconds: seconds)
        }
    }

    /// Counts an answer that was sent before a request was understood.
    package func countRequest(route: String, status: Int) {
        table.withLock { $0.answer(route: route, status: status, seconds: nil) }
    }

    /// Notes that an event stream was opened or is over.
    package func stream(_ change: Int) { table.withLock { $0.stream(change) } }

    /// Event streams that are open.
    package var openStreams: Int { table.withLock { $0.openStreams } }

    /// Everything in Prometheus's text format.
    package func text(_ gauges: [(name: String, help: String, value: Double)] = []) -> String {
        table.withLock { $0 }.text(gauges)
    }
}
