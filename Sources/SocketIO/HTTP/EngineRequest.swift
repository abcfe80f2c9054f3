package import NIOHTTP1

/// What a request under the path asks for, as far as its head tells (pure).
package enum EngineRequest: Hashable {
    /// A browser asks whether a page of another origin may make the request.
    case preflight
    /// Open a session by polling.
    case openPolling
    /// Open a session over a WebSocket.
    case openWebSocket
    /// Wait for packets.
    case poll(id: String)
    /// Send packets.
    case post(id: String)
    /// Move a session to a WebSocket.
    case upgrade(id: String)
    /// Refuse.
    case refuse(EngineFault)

    /// Reads the head of a request.
    ///
    /// - Parameters:
    ///   - head: The head.
    ///   - configuration: What is offered to whom.
    package init(_ head: HTTPRequestHead, configuration: EngineConfiguration) {
        let target = RequestTarget(head.uri)
        guard configuration.origins.admits(head.headers) else {
            self = .refuse(.forbidden("Origin not allowed"))
            return
        }
        if head.method == .OPTIONS, head.headers.contains(name: "access-control-request-method") {
            self = .preflight
            return
        }
        let transport = target["transport"].flatMap(SocketIOTransport.init(rawValue:))
        guard let transport, configuration.transports.contains(transport) else {
            self = .refuse(.unknownTransport)
            return
        }
        let isUpgrade = transport == .webSocket && Self.asksForWebSocket(head)
        guard transport == .polling || isUpgrade else {
            self = .refuse(.badRequest)
            return
        }
        if let id = target["sid"] {
            switch head.method {
            case _ where isUpgrade: self = .upgrade(id: id)
            case .GET: self = .poll(id: id)
            case .POST: self = .post(id: id)
            default: self = .refuse(.badHandshakeMethod)
            }
        } else if head.method != .GET {
            self = .refuse(.badHandshakeMethod)
        } else if target["EIO"] != "4" {
            self = .refuse(.unsupportedVersion)
        } else {
            self = isUpgrade ? .openWebSocket : .openPolling
        }
    }

    /// Whether a request is a WebSocket handshake (RFC 6455, section 4.2.1).
    package static func asksForWebSocket(_ head: HTTPRequestHead) -> Bool {
        head.method == .GET && head.version == .http1_1
            && head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
            && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    }
}
