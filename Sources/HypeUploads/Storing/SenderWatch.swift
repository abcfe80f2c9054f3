import NIOCore

/// Knows whether we are waiting for the sender or the sender for us.
protocol SenderPauses: Sendable {
    /// Called before we wait for the sender.
    func beginWaiting()
    /// Called when something came.
    func endWaiting()
}

/// Ends a request whose sender is too slow.
protocol SenderWatch: SenderPauses {
    /// Waits until the sender is too slow.
    ///
    /// - Throws: ``UploadError`` `timeout`, or `CancellationError`; it does not return otherwise.
    func watch(idle: Duration, whole: Duration) async throws -> Never
}

extension SenderPauses {
    /// The next piece of a body, with the time that it takes counted as the sender's.
    func next<Pieces: AsyncIteratorProtocol>(_ pieces: inout Pieces) async throws -> ByteBuffer?
    where Pieces.Element == ByteBuffer {
        beginWaiting()
        defer { endWaiting() }
        return try await pieces.next(isolation: #isolation)
    }
}
