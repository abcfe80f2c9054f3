import NIOCore

/// Notices that the client of a connection is gone, even while nothing is read from it.
///
/// A connection may be closed in one direction only; whoever streams without end must know that nobody listens any more.
final class PeerWatch: ChannelInboundHandler {
    typealias InboundIn = Any
    typealias InboundOut = Any

    private let promise: EventLoopPromise<Void>
    private var isDone = false

    /// Fulfilled when the client sends no more or the connection is closed.
    var isGone: EventLoopFuture<Void> { promise.futureResult }

    /// Creates a watch.
    init(eventLoop: any EventLoop) { promise = eventLoop.makePromise() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { finish() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { finish() }

    private func finish() {
        guard !isDone else { return }
        isDone = true
        promise.succeed()
    }
}
