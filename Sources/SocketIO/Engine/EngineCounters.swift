internal import Synchronization

/// What the transports count, from all event loops.
final class EngineCounters: Sendable {
    /// A number that only grows, or one that goes up and down.
    struct Counter: ~Copyable, Sendable {
        private let value = Atomic<Int>(0)

        /// The number now.
        var current: Int { value.load(ordering: .relaxed) }

        /// Adds to it.
        func add(_ amount: Int) {
            value.wrappingAdd(amount, ordering: .relaxed)
        }
    }

    /// Sessions that go on.
    let clients = Counter()
    /// Of those, on a WebSocket.
    let webSockets = Counter()
    /// Packets from clients.
    let received = Counter()
    /// Messages to clients.
    let sent = Counter()
    /// Volatile messages that nobody waited for.
    let skipped = Counter()
    /// Clients dropped because they did not take their messages.
    let slowClients = Counter()
    /// Bytes that those clients never got.
    let droppedBytes = Counter()
    /// Requests refused.
    let refused = Counter()
    private let numbers = Atomic<UInt64>(0)

    /// A number for a request, a WebSocket or a session.
    func nextNumber() -> UInt64 {
        numbers.wrappingAdd(1, ordering: .relaxed).newValue
    }
}
