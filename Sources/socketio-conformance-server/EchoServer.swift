import NIOCore
import SocketIO

/// An Engine.IO server that sends every message back.
final class EchoServer: EngineApplication {
    /// Makes one with the timing that was asked for.
    static func make(_ options: Options) -> EngineServer {
        var configuration = EngineConfiguration()
        configuration.path = "/engine.io/"
        configuration.pingInterval = .milliseconds(Int64(options.pingInterval))
        configuration.pingTimeout = .milliseconds(Int64(options.pingInterval * 2 / 3))
        return EngineServer(configuration: configuration) { _ in EchoServer() }
    }

    func opened(_ connection: EngineConnection) {}

    func received(_ message: EngineMessage, from connection: EngineConnection) {
        switch message {
        case .text(let text): connection.send(WireMessage(text: "4" + text))
        case .binary(let bytes): connection.send(WireMessage(text: nil, attachments: [bytes]))
        }
        connection.flush()
    }

    func closed(_ connection: EngineConnection, reason: SocketIODisconnectReason) {}
}
