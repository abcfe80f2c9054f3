import NIOCore
import NIOWebSocket
import Synchronization

/// Lets somebody close a connection, also one that is still being made.
final class SocketHandle: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var socket: ChatSocket?
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

    /// Takes charge of a connection on which both sides speak the same protocol.
    func adopt(_ socket: ChatSocket) { state.withLock { $0.socket = socket } }

    /// Closes what there is, with a farewell where there is somebody to hear it, and what will come.
    func close() {
        let (socket, channels) = state.withLock { state in
            state.isClosed = true
            defer { state.socket = nil }
            return (state.socket, state.channels)
        }
        socket?.farewell(code: .normalClosure)
        for channel in channels { channel.close(promise: nil) }
    }
}
