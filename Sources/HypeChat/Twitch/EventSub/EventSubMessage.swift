/// One message of an EventSub WebSocket.
///
/// Source: <https://dev.twitch.tv/docs/eventsub/websocket-reference/>.
struct EventSubMessage {
    /// What it says.
    enum Content {
        /// The connection is a session now; after how many seconds of silence a keepalive comes.
        case welcome(session: String, keepaliveSeconds: Int?)
        /// Nothing happened, all is well.
        case keepalive
        /// Connect to another address, which is to be used as it is.
        case reconnect(url: String)
        /// Something happened; nil where it is nothing that a reader of chat wants to know.
        case notification(ChatEvent?)
        /// A subscription is over; its type and why.
        case revocation(type: String, status: String)
        /// Of a type that is not known.
        case unknown
    }

    /// Tells the message from every other one.
    let id: ChatMessageID?
    /// When it was sent by Twitch's clock, in nanoseconds since 1970; nil where it is missing or not believable.
    let sent: Int64?
    /// What it says.
    let content: Content

    /// Reads a message; the result is nil where the bytes are no such message.
    init?(_ bytes: ByteSlice) {
        let document = JSONSlice(bytes)
        guard document.isObject else { return nil }
        let (metadata, payload) = (document["metadata"], document["payload"])
        guard let type = metadata["message_type"].plainBytes else { return nil }
        id = metadata["message_id"].plainBytes.map { ChatMessageID($0) }
        if let stamp = metadata["message_timestamp"].plainBytes, case .unix(let time)? = ClockText.reading(stamp) {
            sent = time
        } else {
            sent = nil
        }
        if type.equals("notification") {
            guard let sent, let kind = payload["subscription"]["type"].plainBytes else { return nil }
            content = .notification(EventSubChat.event(type: kind, payload["event"], sent: sent))
        } else if type.equals("session_keepalive") {
            content = .keepalive
        } else if type.equals("session_welcome") {
            let session = payload["session"]
            guard let name = session["id"].string, !name.isEmpty else { return nil }
            content = .welcome(session: name, keepaliveSeconds: session["keepalive_timeout_seconds"].integer)
        } else if type.equals("session_reconnect") {
            guard let url = payload["session"]["reconnect_url"].string else { return nil }
            content = .reconnect(url: url)
        } else if type.equals("revocation") {
            let subscription = payload["subscription"]
            content = .revocation(
                type: subscription["type"].string ?? "",
                status: subscription["status"].string ?? ""
            )
        } else {
            content = .unknown
        }
    }
}
