import NIOCore
import Synchronization

/// Lets somebody close a connection, also one that is still being made.
final class SocketHandle: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Takes charge of a channel; of one host's several addresses more than one may be tried.
    func adopt(_ channel: any Channel) {
        let isClosed = state.withLock { state in
            state.channels.append(channel)
            return state.isClosed
        }
        if isClosed { channel.close(promise: nil) }
    }

    /// Closes what there is and what will come.
    func close() {
        let channels = state.withLock { state in
            state.isClosed = true
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
