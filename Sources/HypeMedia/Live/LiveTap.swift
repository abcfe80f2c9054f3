import Synchronization

/// What a recorder received, waiting for a thread of its own kind of work; any thread may call.
///
/// Holds a bounded number of bytes. Where its reader is too slow, everything that waits is dropped and counted, and
/// pictures go on at the next key frame; the recorder never waits.
package final class LiveTap: Sendable {
    /// Something that happened in the stream.
    package enum Item: Sendable {
        /// The tracks are these from here on; the epoch counts how often they changed.
        case tracks([StreamInfo], epoch: Int)
        /// A packet.
        case packet(Packet)
    }

    private struct State {
        var items: [Item] = []
        var bytes = 0
        var lost = 0
        var isWaitingForKeyFrame = false
    }

    private let kinds: Set<StreamInfo.Kind>
    private let limit: Int
    private let state = Mutex(State())

    init(kinds: Set<StreamInfo.Kind>, limit: Int) {
        self.kinds = kinds
        self.limit = limit
    }

    /// Takes what came since the last call, in order.
    ///
    /// - Returns: The items, and how many packets were dropped before the first of them.
    package func drain() -> (items: [Item], lost: Int) {
        state.withLock { state in
            defer {
                state.items = []
                state.bytes = 0
                state.lost = 0
            }
            return (state.items, state.lost)
        }
    }

    func offer(_ item: Item) {
        state.withLock { state in
            guard case .packet(let packet) = item else {
                state.items.append(item)
                return
            }
            guard kinds.contains(packet.kind) else { return }
            if state.bytes + packet.cost > limit { Self.drop(&state) }
            if state.isWaitingForKeyFrame, packet.kind == .video {
                guard packet.isKey else {
                    state.lost += 1
                    return
                }
                state.isWaitingForKeyFrame = false
            }
            state.items.append(item)
            state.bytes += packet.cost
        }
    }

    private static func drop(_ state: inout State) {
        let announcements = state.items.filter { if case .tracks = $0 { true } else { false } }
        state.lost += state.items.count - announcements.count
        state.items = announcements.suffix(1)
        state.bytes = 0
        state.isWaitingForKeyFrame = true
    }
}
