import Synchronization

/// Measures a sender's silence and the whole time of its request on a clock.
///
/// Time that we need for the disk does not count as silence.
final class SenderClock<C: Clock>: SenderWatch where C.Duration == Duration {
    private let clock: C
    private let waitingSince = Mutex<C.Instant?>(nil)

    init(_ clock: C) { self.clock = clock }

    func beginWaiting() {
        let now = clock.now
        waitingSince.withLock { $0 = now }
    }

    func endWaiting() { waitingSince.withLock { $0 = nil } }

    func watch(idle: Duration, whole: Duration) async throws -> Never {
        let end = clock.now.advanced(by: whole)
        while true {
            let now = clock.now
            let silentUntil = (waitingSince.withLock { $0 } ?? now).advanced(by: idle)
            if silentUntil <= now {
                throw UploadError(.timeout, "Nothing came for \(idle); send the file again, over a better connection.")
            }
            if end <= now {
                throw UploadError(
                    .timeout,
                    "The upload took longer than \(whole); use a resumable upload (tus), which goes on where it stopped."
                )
            }
            try await clock.sleep(until: min(silentUntil, end), tolerance: nil)
        }
    }
}

/// Receives something from a sender that may be too slow.
///
/// - Parameters:
///   - watch: Measures the sender; one for each request.
///   - limits: Their `idle` and `whole` hold.
///   - receive: Takes the bytes. It is cancelled when the sender is too slow, and then must end soon.
/// - Returns: What `receive` returns.
/// - Throws: What `receive` throws, or ``UploadError`` `timeout`.
func receive<Received: Sendable>(
    watchedBy watch: any SenderWatch,
    limits: UploadLimits,
    _ receive: @escaping @Sendable (any SenderPauses) async throws -> Received
) async throws -> Received {
    try await withThrowingTaskGroup(of: Ending<Received>.self) { group in
        group.addTask {
            do { return .received(try await receive(watch)) } catch { return .failed(error) }
        }
        group.addTask {
            do { try await watch.watch(idle: limits.idle, whole: limits.whole) } catch { return .stopped(error) }
        }
        var reason: (any Error)?
        for try await ending in group {
            switch ending {
            case .received(let received):
                // Even if it was stopped at this moment: what is stored must not be reported as failed.
                group.cancelAll()
                return received
            case .failed(let error):
                group.cancelAll()
                throw reason ?? error
            case .stopped(let error):
                reason = error
                group.cancelAll()
            }
        }
        throw reason ?? CancellationError()
    }
}

/// How one of the two, receiving or watching, ended.
private enum Ending<Received: Sendable>: Sendable {
    case received(Received)
    case failed(any Error)
    case stopped(any Error)
}
