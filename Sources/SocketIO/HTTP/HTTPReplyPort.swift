internal import NIOCore

/// The way from a session to the connection that waits for an answer, from any event loop.
struct HTTPReplyPort: Sendable {
    /// The number by which session and connection know the request.
    let number: UInt64
    private let gate: NIOLoopBound<SocketIOGate>

    /// Creates the way to a gate; on the gate's event loop.
    init(number: UInt64, gate: SocketIOGate, eventLoop: any EventLoop) {
        self.number = number
        self.gate = NIOLoopBound(gate, eventLoop: eventLoop)
    }

    /// Answers, if the request is still there.
    func answer(_ reply: HTTPReply) {
        let gate = gate
        let number = number
        if gate.eventLoop.inEventLoop {
            gate.value.answer(number, reply)
        } else {
            gate.eventLoop.execute { gate.value.answer(number, reply) }
        }
    }
}
