internal import NIOCore
internal import NIOHTTP1

/// Why a request is refused; the code and text are the protocol's.
package enum EngineFault: Hashable, Sendable {
    /// The transport is not one that is offered.
    case unknownTransport
    /// There is no session of that id.
    case unknownSession
    /// A handshake must be a GET.
    case badHandshakeMethod
    /// The request does not fit the session's state.
    case badRequest
    /// The host's policy refuses it.
    case forbidden(String)
    /// Only revision 4 is spoken.
    case unsupportedVersion
    /// The body is larger than allowed.
    case tooLarge

    /// The protocol's number.
    package var code: Int {
        switch self {
        case .unknownTransport: 0
        case .unknownSession: 1
        case .badHandshakeMethod: 2
        case .badRequest, .tooLarge: 3
        case .forbidden: 4
        case .unsupportedVersion: 5
        }
    }

    /// What the client is told.
    package var message: String {
        switch self {
        case .unknownTransport: "Transport unknown"
        case .unknownSession: "Session ID unknown"
        case .badHandshakeMethod: "Bad handshake method"
        case .badRequest: "Bad request"
        case .forbidden(let message): message
        case .unsupportedVersion: "Unsupported protocol version"
        case .tooLarge: "Payload too large"
        }
    }

    var status: HTTPResponseStatus {
        switch self {
        case .forbidden: .forbidden
        case .tooLarge: .payloadTooLarge
        default: .badRequest
        }
    }

    var reply: HTTPReply {
        var writer = JSONWriter()
        writer.write(["code": .int(code), "message": .string(message)])
        return HTTPReply(
            status: status,
            contentType: "application/json",
            body: writer.buffer,
            closesConnection: self == .tooLarge
        )
    }
}
