package import Foundation
package import HypeCore

/// Something that happened in a channel's chat, told while it happens.
///
/// Every way of reading a chat gives this one type. It has no place on a stream's own clock yet: who knows both clocks
/// makes a ``ChatMessage`` of it with ``message(at:)``.
package struct ChatEvent: Hashable, Sendable {
    /// What it is in the rough.
    package enum Category: Hashable, Sendable {
        /// A person wrote something.
        case message
        /// The platform says that something happened: a raid, gifts, a subscription, an announcement.
        case notice
        /// Moderators took back what was written before.
        case retraction
    }

    /// When the platform received it, by the platform's own clock.
    package var sent: Date
    /// The platform's number of the user; of a retraction the user whose messages are taken back, empty for everybody's.
    package var userID: String
    /// The name that viewers see; may be empty.
    package var displayName: String
    /// What was written, without the `/me` marker.
    package var text: String
    /// What it is.
    package var kind: ChatMessage.Kind
    /// Tells it from every other one; nil where the platform gives no number.
    package var id: ChatMessageID?

    /// Creates an event.
    package init(
        sent: Date,
        userID: String,
        displayName: String,
        text: String,
        kind: ChatMessage.Kind = .message,
        id: ChatMessageID? = nil
    ) {
        self.sent = sent
        self.userID = userID
        self.displayName = displayName
        self.text = text
        self.kind = kind
        self.id = id
    }

    /// What it is in the rough.
    package var category: Category {
        switch kind {
        case .message: .message
        case .raid, .gift, .subscription, .system: .notice
        case .clear, .deletedMessage: .retraction
        }
    }

    /// The event as a line of chat on a stream's clock.
    package func message(at time: MediaTime) -> ChatMessage {
        ChatMessage(time: time, userID: userID, displayName: displayName, text: text, kind: kind, id: id)
    }
}
