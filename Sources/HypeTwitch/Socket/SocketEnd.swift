/// How a connection ended.
enum SocketEnd: Hashable, Sendable, CustomStringConvertible {
    /// The other side closed the WebSocket, with its code; 1005 where it gave none.
    case closed(code: Int)
    /// The connection ended without a farewell.
    case ended
    /// It could not be made, or broke; in words.
    case failed(String)

    var description: String {
        switch self {
        case .closed(let code): "closed by the server with code \(code)"
        case .ended: "ended by the server"
        case .failed(let words): words
        }
    }
}
