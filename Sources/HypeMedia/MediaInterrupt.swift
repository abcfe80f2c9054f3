import Synchronization

/// A switch that ends blocking media calls from another thread.
///
/// libavformat asks it in the middle of reads and writes, and the readers ask it between packets, so a call returns
/// with ``MediaError/cancelled`` within about one packet.
package final class MediaInterrupt: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Creates a switch that is off.
    package init() {}

    /// Ends all calls that were given this switch, now and later.
    package func cancel() {
        flag.store(true, ordering: .relaxed)
    }

    /// Whether ``cancel()`` was called.
    package var isCancelled: Bool { flag.load(ordering: .relaxed) }

    /// Throws where the work was cancelled.
    ///
    /// - Throws: ``MediaError/cancelled``.
    package func check() throws(MediaError) {
        if isCancelled { throw .cancelled }
    }
}
