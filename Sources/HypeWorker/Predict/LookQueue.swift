import Dispatch
import HypeMedia
import Synchronization

/// Pictures on their way from the thread that decodes to the one that looks; the decoder waits while it is full.
final class LookQueue: Sendable {
    /// Pictures that wait at most: enough that neither thread waits for the other's odd slow picture.
    private static let capacity = 4

    private struct State {
        var looks: [GridFrameReader.Look] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    // Both begin at zero: libdispatch ends the process where a semaphore dies with less than it began with.
    private let free = DispatchSemaphore(value: 0)
    private let filled = DispatchSemaphore(value: 0)

    init() {
        for _ in 0..<Self.capacity { free.signal() }
    }

    /// Puts a picture in, once there is room.
    ///
    /// - Returns: Whether anybody still wants pictures.
    func put(_ look: GridFrameReader.Look) -> Bool {
        free.wait()
        let isWanted = state.withLock { state in
            if !state.isClosed { state.looks.append(look) }
            return !state.isClosed
        }
        filled.signal()
        return isWanted
    }

    /// Takes the next picture out, once there is one; nil after the last.
    func take() -> GridFrameReader.Look? {
        filled.wait()
        let look = state.withLock { $0.looks.isEmpty ? nil : $0.looks.removeFirst() }
        free.signal()
        return look
    }

    /// Lets go of both sides: no picture is put in any more; those that are there can still be taken.
    func close() {
        state.withLock { $0.isClosed = true }
        filled.signal()
        free.signal()
    }
}
