import HTTPTypes
package import NIOCore
import NIOHTTPTypes
import Synchronization

/// What a client sends after the head of a request, piece by piece as it arrives; one task at a time may read it.
///
/// Nothing is read ahead: as long as nobody asks for the next piece, the client has to wait. A client that asked to be told
/// (`Expect: 100-continue`) is told when the first piece is asked for.
package final class IncomingBody: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    /// Hands out the pieces.
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let body: IncomingBody

        /// The next piece; nil after the last.
        package mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> ByteBuffer? {
            try await body.next()
        }
    }

    private struct State {
        var isInvited: Bool
        var isFinished = false
        var received: Int64 = 0
    }

    /// The size that the client announced, in bytes; nil where it did not.
    package let announced: Int64?
    /// Whether there is anything but the end.
    let mayHaveContent: Bool
    private let reader: PartReader
    private let invite: @Sendable () async throws -> Void
    private let state: Mutex<State>

    /// Creates the body of a request.
    ///
    /// - Parameters:
    ///   - headers: The request's header fields.
    ///   - reader: Where the parts come from.
    ///   - invite: Tells the client to go on (100); called at most once, and only where the client waits for it.
    init(_ headers: HTTPFields, reader: PartReader, invite: @escaping @Sendable () async throws -> Void) {
        announced = headers[.contentLength].flatMap { Int64($0) }
        mayHaveContent = (announced ?? 0) > 0 || headers[.transferEncoding] != nil
        self.reader = reader
        self.invite = invite
        state = Mutex(State(isInvited: headers[.expect]?.lowercased() != "100-continue"))
    }

    /// Whether everything was read.
    var isFinished: Bool { state.withLock { $0.isFinished } }
    /// Bytes that were read.
    var received: Int64 { state.withLock { $0.received } }
    /// Whether the client still waits to be told to go on, and has sent nothing.
    var isWaiting: Bool { state.withLock { !$0.isInvited } }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }

    /// The next piece; nil after the last.
    package func next() async throws -> ByteBuffer? {
        if isFinished { return nil }
        let mustInvite = state.withLock { state in
            defer { state.isInvited = true }
            return !state.isInvited
        }
        if mustInvite { try await invite() }
        switch try await reader.next() {
        case .body(let buffer):
            state.withLock { $0.received += Int64(buffer.readableBytes) }
            return buffer
        case .end, nil:
            state.withLock { $0.isFinished = true }
            return nil
        case .head:
            throw Problem(400, "A request began in the middle of another.")
        }
    }

    /// Reads everything.
    ///
    /// - Parameters:
    ///   - limit: The most bytes that may come.
    ///   - time: How long it may take.
    /// - Returns: What came.
    /// - Throws: ``Problem`` with status 413 where there is more, or 408 where it takes longer.
    package func collect(upTo limit: Int, within time: Duration) async throws -> ByteBuffer {
        guard mayHaveContent else { return ByteBuffer() }
        return try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask { try await self.collect(upTo: limit) }
            group.addTask {
                try await Task.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            guard let whole = try await group.next() ?? nil else {
                throw Problem(408, "The document did not arrive within \(time).")
            }
            return whole
        }
    }

    private func collect(upTo limit: Int) async throws -> ByteBuffer {
        let tooLarge = Problem(413, "The document is larger than \(limit) bytes.")
        guard (announced ?? 0) <= Int64(limit) else { throw tooLarge }
        var whole = ByteBuffer()
        while var piece = try await next() {
            guard whole.readableBytes + piece.readableBytes <= limit else { throw tooLarge }
            whole.writeBuffer(&piece)
        }
        return whole
    }

    /// Reads on and throws away what comes.
    ///
    /// - Parameter limit: The most bytes that are thrown away.
    /// - Returns: Whether the end was reached, so that the next request can follow.
    /// - Throws: What reading from the connection throws.
    func discard(upTo limit: Int64) async throws -> Bool {
        let start = received
        while !isFinished, received - start <= limit {
            guard try await next() != nil else { break }
        }
        return isFinished
    }
}
