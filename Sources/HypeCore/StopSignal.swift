import Synchronization

/// A signal that is given once and ends the work that heeds it.
///
/// Lets somebody who does not own a task end what the task does: a client that goes away, a person who cancels a job.
package final class StopSignal: Sendable {
    /// The signal was given before the work was done.
    package struct Stopped: Error {
        /// Creates the error.
        package init() {}
    }

    private struct State {
        var isGiven = false
        var last = 0
        var listeners: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Creates a signal that was not given yet.
    package init() {}

    /// Whether it was given.
    package var isGiven: Bool { state.withLock { $0.isGiven } }

    /// Gives the signal; again does nothing.
    package func give() {
        let listeners = state.withLock { state in
            state.isGiven = true
            defer { state.listeners = [:] }
            return state.listeners
        }
        for listener in listeners.values { listener() }
    }

    /// Has something done when the signal is given; at once where it was.
    ///
    /// - Returns: A number for ``forget(_:)``.
    package func listen(_ act: @escaping @Sendable () -> Void) -> Int {
        let (number, isGiven) = state.withLock { state in
            state.last += 1
            if !state.isGiven { state.listeners[state.last] = act }
            return (state.last, state.isGiven)
        }
        if isGiven { act() }
        return number
    }

    /// Takes back what ``listen(_:)`` asked for.
    package func forget(_ number: Int) {
        _ = state.withLock { $0.listeners.removeValue(forKey: number) }
    }

    /// Waits for the signal, or until the task is cancelled.
    package func wait() async {
        // Nothing ever goes through; its end is the news.
        let (news, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = listen { continuation.finish() }
        for await _ in news {}
        forget(number)
    }

    /// Does something until the signal is given, which cancels it.
    ///
    /// - Parameter work: What to do; it is waited for, so it should end soon once it is cancelled.
    /// - Returns: What the work returns, even where the signal came just before its end.
    /// - Throws: ``Stopped`` where the signal came first; else what the work throws.
    package func ends<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                await self.wait()
                return nil
            }
            defer { group.cancelAll() }
            if let result = try await group.next() ?? nil { return result }
            group.cancelAll()
            do {
                if let result = try await group.next() ?? nil { return result }
            } catch is CancellationError {
                guard isGiven else { throw CancellationError() }
            }
            throw Stopped()
        }
    }
}
