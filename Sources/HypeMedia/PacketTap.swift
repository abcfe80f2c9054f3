import Synchronization

/// The packets that a ring received after a snapshot, waiting to be taken; any thread may call.
///
/// A tap that is not emptied in time drops everything and says so, rather than let memory grow.
package final class PacketTap: Sendable {
    private struct State {
        var packets: [Packet] = []
        var bytes = 0
        var isClosed = false
        var isOverrun = false
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes the packets that came since the last call, in file order.
    package func drain() -> [Packet] {
        state.withLock { state in
            defer {
                state.packets = []
                state.bytes = 0
            }
            return state.packets
        }
    }

    /// Whether packets were lost because too many waited; the tap gives no more after that.
    package var isOverrun: Bool { state.withLock { $0.isOverrun } }

    /// Ends the flow of packets.
    package func close() {
        state.withLock { $0.isClosed = true }
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func offer(_ packet: Packet) {
        state.withLock { state in
            guard !state.isClosed else { return }
            guard state.bytes + packet.cost <= limit else {
                state = State(isClosed: true, isOverrun: true)
                return
            }
            state.packets.append(packet)
            state.bytes += packet.cost
        }
    }
}
