internal import Synchronization

/// Answers one event of a client: `ack("ok", 5)`.
///
/// The first call counts; when the client wants no answer, a call does nothing.
public struct SocketIOAck: Sendable {
    private final class Once: Sendable {
        let isUsed = Atomic<Bool>(false)
    }

    private let once: Once?
    private let send: @Sendable ([SocketIOValue]) -> Void

    /// Whether the client wants an answer.
    public var isRequested: Bool { once != nil }

    /// An acknowledgement for a client that wants none.
    static let unwanted = SocketIOAck(once: nil) { _ in }

    init(_ send: @escaping @Sendable ([SocketIOValue]) -> Void) {
        self.init(once: Once(), send: send)
    }

    private init(once: Once?, send: @escaping @Sendable ([SocketIOValue]) -> Void) {
        self.once = once
        self.send = send
    }

    /// Answers.
    ///
    /// - Parameter values: What the client's callback gets.
    public func callAsFunction(_ values: SocketIOValue...) {
        answer(values)
    }

    /// Answers with values in an array.
    ///
    /// - Parameter values: What the client's callback gets.
    public func answer(_ values: [SocketIOValue]) {
        guard let once, !once.isUsed.exchange(true, ordering: .relaxed) else { return }
        send(values)
    }
}
