import HummingbirdCore
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
    private let isGone: EventLoopFuture<Void>

    /// Describes the other end of a connection.
    init(address: String, isGone: EventLoopFuture<Void>) {
        self.address = address
        self.isGone = isGone
    }

    /// Has something done when the client sends no more or is gone; at once where it is already.
    package func whenGone(_ act: @escaping @Sendable () -> Void) { isGone.whenComplete { _ in act() } }
}
