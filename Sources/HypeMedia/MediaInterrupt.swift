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

    /// Creates a switch that is off.
    ///
    /// - Parameter parent: A switch that ends the calls of this one too.
    package init(under parent: MediaInterrupt? = nil) {
        self.parent = parent
    }

    /// Ends all calls that were given this switch, now and later.
    package func cancel() {
        flag.store(true, ordering: .relaxed)
    }

    /// Whether ``cancel()`` was called.
    package var isCancelled: Bool { flag.load(ordering: .relaxed) || parent?.isCancelled ?? false }

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
