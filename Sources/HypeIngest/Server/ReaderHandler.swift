internal import NIOCore

/// One reader's connection; what it says is ignored, that it leaves is not.
final class ReaderHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let relay: SessionRelay

    init(relay: SessionRelay) {
        self.relay = relay
    }

    func channelActive(context: ChannelHandlerContext) {
        relay.readerCame(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func channelInactive(context: ChannelHandlerContext) {
        relay.readerLeft(context.channel)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reader that was killed in the middle of a write; it leaves when the channel becomes inactive.
        context.close(promise: nil)
    }
}
