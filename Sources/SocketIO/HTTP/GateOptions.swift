internal import NIOCore
internal import NIOHTTP1

/// What a gate needs to know of its host.
struct GateOptions {
    /// The limits of the request decoder.
    var decoderLimits = NIOHTTPDecoderLimitConfiguration()
    /// The host's handlers that must not stay on a WebSocket.
    var removedOnUpgrade: [any RemovableChannelHandler.Type] = []
    /// How long a connection may stay without a request; nil for ever.
    var idleTimeout: TimeAmount?

    func makeDecoder() -> ByteToMessageHandler<HTTPRequestDecoder> {
        ByteToMessageHandler(
            HTTPRequestDecoder(
                leftOverBytesStrategy: .forwardBytes,
                informationalResponseStrategy: .drop,
                limitConfiguration: decoderLimits
            )
        )
    }
}
