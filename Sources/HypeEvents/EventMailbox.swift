import HypeCore
import Synchronization

/// An ``EventQueue`` between the log, which fills it, and the one task that reads it.
final class EventMailbox: Sendable {
    /// What the reader finds.
    enum Find: Sendable {
        /// The next event.
        case event(EventRecord)
        /// What it missed is to be read from the store first.
        case catchUp
        /// Nothing yet.
        case nothing
        /// The end, and why.
        case end(EventQueue.State)
    }

    private struct State {
        var queue: EventQueue
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>

    init(queue: EventQueue) {
        state = Mutex(State(queue: queue))
    }

    /// Whether nothing can be put in any more.
    var isOver: Bool {
        state.withLock { $0.queue.state != .live && $0.queue.state != .catchingUp }
    }

    /// Puts an event in and wakes the reader.
    func offer(_ record: EventRecord) -> EventQueue.Verdict {
        change { $0.offer(record) }
    }

    /// Ends the subscription and wakes the reader.
    func end(_ reason: EventQueue.State) {
        change { $0.end(reason) }
    }

    /// Changes the queue between two reads.
    @discardableResult
    func change<Result: Sendable>(_ body: (inout EventQueue) -> Result) -> Result {
        let (result, reader) = state.withLock { state in
            let result = body(&state.queue)
            let reader = state.reader
            state.reader = nil
            return (result, reader)
        }
        reader?.resume()
        return result
    }

    /// What is there now.
    func take() -> Find {
        state.withLock { state in
            if state.queue.state == .catchingUp { return .catchUp }
            if let record = state.queue.next() { return .event(record) }
            return state.queue.state == .live ? .nothing : .end(state.queue.state)
        }
    }

    /// Waits until something may have changed; at once where there is something already.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.queue.state == .live, state.queue.count == 0, state.reader == nil else { return true }
                    state.reader = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            end(.cancelled)
        }
    }
}
