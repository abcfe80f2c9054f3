import Foundation
import HypeCore
import Synchronization

/// A switch that ends blocking media calls from another thread.
///
/// libavformat asks it in the middle of reads and writes, and the readers ask it between packets, so a call returns
/// with ``MediaError/cancelled`` within about one packet.
package final class MediaInterrupt: Sendable {
    private let flag = Atomic<Bool>(false)
    private let parent: MediaInterrupt?
    private let deadline: ContinuousClock.Instant?

    /// Creates a switch that is off.
    ///
    /// - Parameters:
    ///   - parent: A switch that ends the calls of this one too.
    ///   - deadline: When the switch goes on by itself; nil for never.
    package init(under parent: MediaInterrupt? = nil, deadline: ContinuousClock.Instant? = nil) {
        self.parent = parent
        self.deadline = deadline
    }

    /// Ends all calls that were given this switch, now and later.
    package func cancel() {
        flag.store(true, ordering: .relaxed)
    }

    /// Whether ``cancel()`` was called, or the deadline has come.
    package var isCancelled: Bool {
        if flag.load(ordering: .relaxed) || parent?.isCancelled ?? false { return true }
        return deadline.map { ContinuousClock.now >= $0 } ?? false
    }

    /// Pauses the calling thread, for at most 20 ms longer than it takes to cancel.
    ///
    /// - Throws: ``MediaError/cancelled``.
    package func pause(for span: Duration) throws(MediaError) {
        // Slices of the monotonic clock: a condition variable may wait by the wall clock, which can be set back.
        let end = ContinuousClock.now + span
        while true {
            try check()
            let left = min((end - ContinuousClock.now).inSeconds, 0.02)
            guard left > 0 else { return }
            usleep(UInt32(left * 1e6) + 1)
        }
    }

    /// Throws where the work was cancelled.
    ///
    /// - Throws: ``MediaError/cancelled``.
    package func check() throws(MediaError) {
        if isCancelled { throw .cancelled }
    }
}
