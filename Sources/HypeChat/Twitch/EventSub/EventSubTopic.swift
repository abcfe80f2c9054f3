/// What a session of EventSub is told about.
///
/// Source: <https://dev.twitch.tv/docs/eventsub/eventsub-subscription-types/>.
package enum EventSubTopic: String, Hashable, Sendable, CaseIterable {
    /// What people write.
    case message = "channel.chat.message"
    /// Raids, gifts, subscriptions, announcements.
    case notification = "channel.chat.notification"
    /// One message was removed.
    case messageDelete = "channel.chat.message_delete"
    /// All messages of one user were removed.
    case clearUserMessages = "channel.chat.clear_user_messages"
    /// All messages were removed.
    case clear = "channel.chat.clear"

    /// The version of the events' form.
    package var version: String { "1" }
    /// Whether the chat is of no use without it.
    package var isRequired: Bool { self == .message }
}
