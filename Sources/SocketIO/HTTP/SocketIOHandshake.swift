public import NIOHTTP1

/// What a client said when it connected: the first request of its session.
public struct SocketIOHandshake: Sendable {
    /// The request's headers.
    public let headers: HTTPHeaders
    /// The address of the peer, which may be a proxy's; nil when it is not known.
    public let remoteAddress: String?
    /// The transport of the first request.
    public let transport: SocketIOTransport
    /// The request's target: path and query, as they came.
    public let target: String
    private let fields: RequestTarget

    init(head: HTTPRequestHead, transport: SocketIOTransport, remoteAddress: String?) {
        headers = head.headers
        target = head.uri
        fields = RequestTarget(head.uri)
        self.transport = transport
        self.remoteAddress = remoteAddress
    }

    /// The decoded value of a field of the query, or nil.
    ///
    /// - Parameter name: The field's name.
    /// - Returns: The value, or nil.
    public func query(_ name: String) -> String? { fields[name] }

    /// The token of an `Authorization: Bearer` header, or nil.
    public var bearerToken: String? {
        guard let value = headers.first(name: "authorization"), value.lowercased().hasPrefix("bearer ") else {
            return nil
        }
        return value.dropFirst(7).drop { $0 == " " }.description
    }
}
