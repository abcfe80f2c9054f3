import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL
import SocketIO

/// Speaks HTTP/1.1 on each connection, over TLS where there is a certificate.
struct HTTPConnection: ServerChildChannel {
    /// What is thrown away of a body that nobody wanted before the connection is given up, in bytes.
    private static let patience: Int64 = 256 << 10
    /// What is thrown away so that the client gets to read the answer, in bytes.
    private static let farewell: Int64 = 64 << 20
    /// How long a client may go on sending after it was answered.
    private static let farewellTime = TimeAmount.seconds(5)

    let dispatcher: Dispatcher
    let settings: ServerSettings
    let tls: NIOSSLContext?
    let sockets: SocketIOServer

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<LiveConnection> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
            let measures = dispatcher.measures
            try pipeline.addHandler(StallGuard(limit: settings.stall) { measures.count(.stalledClients) })
            let watch = PeerWatch(eventLoop: channel.eventLoop)
            try pipeline.addHandler(watch)
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = settings.headerBytes
            limits.maxHeaderListSize = settings.headerBytes
            limits.maxHeaderFieldCount = 100
            try sockets.configureHTTP1Pipeline(
                of: channel,
                idleTimeout: TimeAmount(settings.idle),
                decoderLimits: limits
            )
            try pipeline.addHandler(MalformedRequests { measures.countRequest(route: "unmatched", status: $0) })
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: tls != nil))
            try pipeline.addHandler(HTTPConnectionStateHandler(logger: logger))
            let address = channel.remoteAddress?.ipAddress ?? "unknown"
            return LiveConnection(
                parts: try NIOAsyncChannel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)
                ),
                peer: Peer(address: address, isGone: watch.isGone)
            )
        }
    }

    func handle(value: LiveConnection, logger: Logger) async {
        let channel = value.channel
        await withTaskCancellationHandler {
            do {
                try await value.parts.executeThenClose { inbound, outbound in
                    try await converse(PartReader(inbound), outbound, value)
                }
            } catch {
                logger.trace("connection ended", metadata: ["error": "\(error)"])
            }
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    /// Answers one request after the other until the client or the server ends it.
    private func converse(
        _ reader: PartReader,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPResponsePart>,
        _ connection: LiveConnection
    ) async throws {
        while case .head(let head)? = try await reader.next() {
            let body = IncomingBody(head.headerFields, reader: reader) {
                try await outbound.write(.head(HTTPResponse(status: .continue)))
            }
            let exchange = await dispatcher.answer(head, body: body, peer: connection.peer)
            var response = exchange.response
            let isLast = isLast(head, body)
            if isLast { response.headers[.connection] = "close" }
            do {
                try await ResponseWriter(outbound: outbound).write(response: response.head, body: response.body)
                dispatcher.finish(exchange, failure: nil)
            } catch {
                dispatcher.finish(exchange, failure: error)
                throw error
            }
            if isLast { outbound.finish() }
            let canFollow = try await discardRest(
                of: body,
                limit: isLast ? Self.farewell : Self.patience,
                connection.channel
            )
            if isLast || !canFollow { return }
        }
    }

    /// Whether no other request can follow: the client wants no other, or has much to send that nobody wants.
    private func isLast(_ head: HTTPRequest, _ body: IncomingBody) -> Bool {
        if head.headerFields[.connection]?.lowercased() == "close" { return true }
        if body.isFinished { return false }
        return body.isWaiting || (body.announced ?? 0) - body.received > Self.patience
    }

    /// Throws away what still comes of a body, so that the next request can follow.
    ///
    /// It is done before a connection is closed too: closing at once would throw away the answer as far as it is still under way.
    ///
    /// - Returns: Whether all of the body came in time.
    private func discardRest(of body: IncomingBody, limit: Int64, _ channel: any Channel) async throws -> Bool {
        if body.isWaiting { return false }
        guard body.mayHaveContent, !body.isFinished else { return try await body.discard(upTo: 0) }
        let alarm = channel.eventLoop.scheduleTask(in: Self.farewellTime) { channel.close(promise: nil) }
        defer { alarm.cancel() }
        return try await body.discard(upTo: limit)
    }
}
