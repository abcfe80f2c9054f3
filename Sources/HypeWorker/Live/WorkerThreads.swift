import Foundation
import HypeMedia
import Synchronization

/// Threads that belong together and are waited for together.
final class WorkerThreads: Sendable {
    /// Stack of a thread in bytes; libavcodec and the nets want more than a thread's usual 512 KiB.
    static let stackSize = 8 << 20

    private let group = DispatchGroup()

    /// Starts a thread.
    func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        group.enter()
        let thread = Thread { [group] in
            body()
            group.leave()
        }
        thread.name = name
        thread.stackSize = Self.stackSize
        thread.start()
    }

    /// Waits until all of them have ended.
    func join() { group.wait() }
}
