/// What is spoken over the sessions of one event loop; all calls come on that loop.
package protocol EngineApplication: AnyObject {
    /// A client made its handshake.
    func opened(_ connection: EngineConnection)
    /// A client sent a message.
    func received(_ message: EngineMessage, from connection: EngineConnection)
    /// A client is gone.
    func closed(_ connection: EngineConnection, reason: SocketIODisconnectReason)
}
