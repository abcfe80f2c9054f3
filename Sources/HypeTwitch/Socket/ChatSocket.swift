import NIOCore
import NIOWebSocket

/// Says things over an open connection.
///
/// What is said is small and seldom (logins, pings, pongs). A server that does not read it is given up, so that nothing
/// piles up here.
struct ChatSocket: Sendable {
    private let channel: any Channel
    private let isWebSocket: Bool

    init(channel: any Channel, isWebSocket: Bool) {
        self.channel = channel
        self.isWebSocket = isWebSocket
    }

    /// Sends a line; its ending is added.
    func send(line: String) {
        let bytes = channel.allocator.buffer(string: line + "\r\n")
        if isWebSocket { send(.text, bytes) } else { write { channel.writeAndFlush(bytes, promise: nil) } }
    }

    /// Answers a ping.
    func pong(_ data: ByteBuffer) { send(.pong, data) }

    /// Says farewell with a code; over a bare connection there is none.
    func farewell(code: WebSocketErrorCode) {
        guard isWebSocket else { return }
        var data = channel.allocator.buffer(capacity: 2)
        data.write(webSocketErrorCode: code)
        send(.connectionClose, data)
    }

    private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        // A client masks what it sends (RFC 6455, section 5.1).
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        write { channel.writeAndFlush(frame, promise: nil) }
    }

    private func write(_ body: () -> Void) {
        if channel.isWritable { body() } else { channel.close(promise: nil) }
    }
}
