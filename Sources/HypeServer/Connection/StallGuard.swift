import NIOCore

/// Ends a connection whose client takes nothing of what it is sent.
///
/// What is to be sent waits until the client takes it, so memory is bounded; this bounds the time.
final class StallGuard: ChannelInboundHandler {
    typealias InboundIn = Any
    typealias InboundOut = Any

    private let limit: TimeAmount
    private let onStall: @Sendable () -> Void
    private var alarm: Scheduled<Void>?

    /// Creates a guard.
    ///
    /// - Parameters:
    ///   - limit: How long nothing may be taken.
    ///   - onStall: Called when a connection is ended.
    init(limit: Duration, onStall: @escaping @Sendable () -> Void) {
        self.limit = TimeAmount(limit)
        self.onStall = onStall
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        alarm?.cancel()
        alarm = nil
        if !context.channel.isWritable {
            let (channel, onStall) = (context.channel, onStall)
            alarm = context.eventLoop.scheduleTask(in: limit) {
                onStall()
                channel.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        alarm?.cancel()
        alarm = nil
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { alarm?.cancel() }
}
