import HummingbirdCore
import HypeCore
import NIOCore
import NIOHTTPTypes

/// One connection that a client opened.
struct LiveConnection: ServerChildChannelValue {
    /// The parts that come and go.
    let parts: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    /// What handlers may know about it.
    let peer: Peer

    var channel: any Channel { parts.channel }
}

/// The other end of a connection.
package struct Peer: Sendable {
    /// The address that it has in the network; without port, `unknown` where there is none.
    package let address: String
    private let departure = StopSignal()

    /// Describes the other end of a connection.
    init(address: String, isGone: EventLoopFuture<Void>) {
        self.address = address
        isGone.whenComplete { [departure] _ in departure.give() }
    }

    /// Has something done when the client sends no more or is gone; at once where it is already.
    package func whenGone(_ act: @escaping @Sendable () -> Void) { _ = departure.listen(act) }

    /// Does something as long as the client is there; when it goes, the work is cancelled.
    ///
    /// - Throws: ``Problem`` with status 499, which nobody reads, where the client went; else what the work throws.
    package func whilePresent<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        do {
            return try await departure.ends(work)
        } catch is StopSignal.Stopped {
            throw Problem(499, "The client has gone.")
        }
    }
}
