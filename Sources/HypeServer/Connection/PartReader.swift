import NIOCore
import NIOHTTPTypes

/// Takes one part after the other from a connection; one task at a time may wait for the next.
actor PartReader {
    private var iterator: NIOAsyncChannelInboundStream<HTTPRequestPart>.AsyncIterator

    /// Reads from a connection; nobody else may.
    init(_ inbound: NIOAsyncChannelInboundStream<HTTPRequestPart>) { iterator = inbound.makeAsyncIterator() }

    /// The next part; nil once the client sends no more.
    func next() async throws -> HTTPRequestPart? {
        var iterator = iterator
        defer { self.iterator = iterator }
        return try await iterator.next(isolation: self)
    }
}
