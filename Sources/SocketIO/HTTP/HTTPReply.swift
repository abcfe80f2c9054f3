internal import NIOCore
internal import NIOHTTP1

/// An answer to a request under the path.
struct HTTPReply: Sendable {
    var status: HTTPResponseStatus
    var contentType: String?
    var body: ByteBuffer
    var headers: [(String, String)] = []
    /// Whether the connection cannot be used any more: part of the request was not read.
    var closesConnection = false

    /// The answer to a POST.
    static let postAccepted = HTTPReply(status: .ok, contentType: "text/html", body: ByteBuffer(string: "ok"))

    /// The answer to a poll.
    static func payload(_ messages: [WireMessage]) -> HTTPReply {
        HTTPReply(status: .ok, contentType: "text/plain; charset=UTF-8", body: PollingPayload.encode(messages))
    }
}
