import Foundation

/// Turns EventSub's events of a chat into the events that IRC gives.
enum EventSubChat {
    /// Reads an event.
    ///
    /// - Parameters:
    ///   - type: The type of the subscription.
    ///   - event: The event itself.
    ///   - sent: When it was sent, in nanoseconds since 1970.
    /// - Returns: Nil where it lacks a part, came from another room of a shared chat, or is of no interest.
    static func event(type: ByteSlice, _ event: JSONSlice, sent: Int64) -> ChatEvent? {
        guard event.isObject, !isFromOtherRoom(event) else { return nil }
        let date = Date(timeIntervalSince1970: Double(sent) / 1e9)
        if type.equals("channel.chat.message") { return message(event, date) }
        if type.equals("channel.chat.notification") { return notice(event, date) }
        if type.equals("channel.chat.message_delete") {
            guard let id = event["message_id"].plainBytes else { return nil }
            return retraction(event, date, .deletedMessage(ChatMessageID(id)))
        }
        if type.equals("channel.chat.clear_user_messages") {
            // Without a user it would read as everybody's.
            guard event["target_user_id"].string?.isEmpty == false else { return nil }
            return retraction(event, date, .clear)
        }
        return type.equals("channel.chat.clear") ? retraction(event, date, .clear) : nil
    }

    /// Whether it was written in another room of a shared chat.
    private static func isFromOtherRoom(_ event: JSONSlice) -> Bool {
        guard let source = event["source_broadcaster_user_id"].plainBytes, !source.isEmpty,
            let room = event["broadcaster_user_id"].plainBytes
        else { return false }
        return !source.elementsEqual(room)
    }

    private static func message(_ event: JSONSlice, _ date: Date) -> ChatEvent? {
        guard let userID = event["chatter_user_id"].string, !userID.isEmpty,
            let text = event["message"]["text"].string
        else { return nil }
        return ChatEvent(
            sent: date,
            userID: userID,
            displayName: event["chatter_user_name"].string ?? event["chatter_user_login"].string ?? "",
            text: withoutAction(text),
            id: event["message_id"].plainBytes.map { ChatMessageID($0) }
        )
    }

    private static func notice(_ event: JSONSlice, _ date: Date) -> ChatEvent? {
        let type = event["notice_type"].plainBytes ?? .none
        let raid = event["raid"]["viewer_count"].bytes
        let count = raid.isEmpty ? event["community_sub_gift"]["total"].bytes : raid
        let kind: ChatMessage.Kind
        switch ChatNotice(type: type, count: count).kind {
        case .other(let known)?: kind = known
        case .ignored?: return nil
        case .deletedMessage?, nil: kind = .system
        }
        let isAnonymous = event["chatter_is_anonymous"].isTrue
        let text = event["message"]["text"].string ?? ""
        return ChatEvent(
            sent: date,
            userID: isAnonymous ? "" : event["chatter_user_id"].string ?? "",
            displayName: isAnonymous ? "" : event["chatter_user_name"].string ?? "",
            text: text.isEmpty ? event["system_message"].string ?? "" : text,
            kind: kind,
            id: event["message_id"].plainBytes.map { ChatMessageID($0) }
        )
    }

    private static func retraction(_ event: JSONSlice, _ date: Date, _ kind: ChatMessage.Kind) -> ChatEvent {
        ChatEvent(
            sent: date,
            userID: event["target_user_id"].string ?? "",
            displayName: event["target_user_name"].string ?? "",
            text: "",
            kind: kind
        )
    }

    private static func withoutAction(_ text: String) -> String {
        guard text.utf8.first == 1 else { return text }
        var text = text
        return text.withUTF8 { TwitchLine.withoutAction($0).text }
    }
}
