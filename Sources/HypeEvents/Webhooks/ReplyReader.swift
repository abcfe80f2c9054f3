import Foundation
import HypeCore
import NIOCore
import NIOHTTP1
import NIOSSL

/// Sends one request as soon as its connection stands, and reads the answer.
///
/// What counts is the status. The rest of the answer is read only so that the receiver can finish, up to a number of
/// bytes and the time limit.
final class ReplyReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: WebhookRequest
    private let settings: WebhookSettings
    private let promise: EventLoopPromise<WebhookResult>
    private var answer: WebhookResult?
    private var received = 0
    private var deadline: Scheduled<Void>?

    init(request: WebhookRequest, settings: WebhookSettings, promise: EventLoopPromise<WebhookResult>) {
        self.request = request
        self.settings = settings
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(settings.replyLimit)) { [self] in
            finish(otherwise: "no answer within \(settings.replyLimit.inSeconds) s")
        }
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: request.address.target)
        head.headers.add(name: "Host", value: request.address.hostHeader)
        head.headers.add(name: "Content-Length", value: "\(request.body.count)")
        head.headers.add(name: "Connection", value: "close")
        for header in request.headers { head.headers.add(name: header.name, value: header.value) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: request.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let asked = head.headers.first(name: "Retry-After").flatMap { WebhookResult.retryAfter($0, now: Date()) }
            answer = .reply(status: Int(head.status.code), retryAfter: asked)
        case .body(let bytes):
            received += bytes.readableBytes
            if received > settings.replyBytes { finish(otherwise: "the answer has no head") }
        case .end: finish(otherwise: "the answer has no head")
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(otherwise: "the connection was closed without an answer")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(otherwise: Self.words(for: error))
        context.close(promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    /// Ends the exchange; later calls have no effect.
    ///
    /// Whoever holds the promise closes the connection.
    private func finish(otherwise reason: String) {
        deadline?.cancel()
        promise.succeed(answer ?? .unreachable(reason))
    }

    /// An error of the network in words for a person.
    static func words(for error: any Error) -> String {
        switch error {
        case let error as IOError where error.errnoCode == ECONNREFUSED: "nothing listens there"
        case let error as IOError where error.errnoCode == ECONNRESET: "the connection was cut"
        case let error as IOError where error.errnoCode == ENETUNREACH || error.errnoCode == EHOSTUNREACH:
            "there is no way to it"
        case ChannelError.connectTimeout: "no connection in time"
        case is NIOSSLError: "the encrypted connection failed; is its certificate valid? (\(error))"
        case is HTTPParserError: "it does not speak HTTP/1.1"
        default: "\(error)"
        }
    }
}
