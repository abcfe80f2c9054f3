import Dispatch
import Foundation

/// Runs work that Ctrl-C and SIGTERM wind down; a second Ctrl-C ends the process at once.
///
/// - Parameter work: Work that cleans up after itself when its task is cancelled.
/// - Returns: What the work returns.
/// - Throws: What the work throws; `CancellationError` where it was interrupted.
func interruptible<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
    // Unstructured so that a signal handler can cancel it; awaited below.
    let task = Task { try await work() }
    let sources = [SIGINT, SIGTERM].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            if task.isCancelled { exit(ExitStatus.interrupted.rawValue) }
            task.cancel()
        }
        source.resume()
        return source
    }
    defer {
        for source in sources { source.cancel() }
    }
    return try await task.value
}
