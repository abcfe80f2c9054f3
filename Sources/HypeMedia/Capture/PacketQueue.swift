import Dispatch
import HypeCore
import Synchronization

/// Packets on their way from the threads that make them to the one that takes them.
///
/// Holds at most ``capacity`` bytes. Where that is exceeded, everything that waits is dropped and pictures are let in
/// again from the next key frame on, so that what comes out can always be decoded.
package final class PacketQueue: Sendable {
    private struct State {
        var packets: [Packet] = []
        var first = 0
        var bytes = 0
        var isWaitingForKey = false
        var lost = 0
    }

    /// Bytes that wait at most: about ten seconds of a busy stream.
    package static let capacity = 8 << 20

    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)

    /// Creates an empty queue.
    package init() {}

    /// Packets that were dropped.
    package var lost: Int { state.withLock { $0.lost } }

    /// Puts a packet behind the others; any thread may call.
    package func add(_ packet: Packet) {
        let wasEmpty = state.withLock { state in
            let wasEmpty = state.first == state.packets.count
            let cost = packet.bytes.count + 200
            if state.bytes + cost > Self.capacity {
                state.lost += state.packets.count - state.first
                state = State(isWaitingForKey: true, lost: state.lost)
            }
            if packet.kind == .video, state.isWaitingForKey {
                guard packet.isKey else {
                    state.lost += 1
                    return false
                }
                state.isWaitingForKey = false
            }
            state.packets.append(packet)
            state.bytes += cost
            return wasEmpty
        }
        // One ring for each time that there is something again: the one who takes looks before waiting.
        if wasEmpty { bell.signal() }
    }

    /// Takes the packet in front, waiting for one.
    ///
    /// - Parameter longest: How long to wait.
    /// - Returns: The packet; nil where none came or the queue was woken.
    package func take(waiting longest: Duration) -> Packet? {
        if let packet = takeNow() { return packet }
        _ = bell.wait(timeout: .now() + .nanoseconds(Int(clamping: longest.nanoseconds)))
        return takeNow()
    }

    /// Ends a wait.
    package func wake() { bell.signal() }

    private func takeNow() -> Packet? {
        state.withLock { state in
            guard state.first < state.packets.count else { return nil }
            let packet = state.packets[state.first]
            state.first += 1
            state.bytes -= packet.bytes.count + 200
            if state.first >= 64 {
                state.packets.removeFirst(state.first)
                state.first = 0
            }
            return packet
        }
    }
}
