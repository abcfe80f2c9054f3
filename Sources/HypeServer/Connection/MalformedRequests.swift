import Foundation
import HypeStore
import NIOCore
import NIOHTTP1

/// Answers what is not HTTP with a problem and ends the connection.
final class MalformedRequests: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let onRefusal: @Sendable (Int) -> Void
    private var unanswered = 0
    private var isOver = false

    /// Creates a handler.
    ///
    /// - Parameter onRefusal: Called with the status of each answer that is sent.
    init(onRefusal: @escaping @Sendable (Int) -> Void) { self.onRefusal = onRefusal }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { unanswered += 1 }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { unanswered -= 1 }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let mistake = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        guard !isOver else { return }
        isOver = true
        // An answer in the middle of another would be part of that one.
        guard unanswered <= 0 else { return context.close(promise: nil) }
        let problem: Problem
        switch mistake {
        case .headerOverflow:
            problem = Problem(431, "The header fields are larger than this server takes.")
        case .invalidVersion:
            problem = Problem(400, "This server speaks HTTP/1.1.")
        default:
            problem = Problem(400, "This is not a request that HTTP allows.")
        }
        onRefusal(problem.status)
        send(problem, context: context)
    }

    private func send(_ problem: Problem, context: ChannelHandlerContext) {
        var problem = problem
        let id = RequestID.make()
        problem.requestId = id
        let document = (try? DocumentJSON.encode(problem)) ?? Data()
        let headers: HTTPHeaders = [
            "Content-Type": Problem.mediaType, "Content-Length": "\(document.count)", "Connection": "close",
            "X-Request-Id": id, "X-Content-Type-Options": "nosniff",
        ]
        let head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: problem.status),
            headers: headers
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: document)))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}
