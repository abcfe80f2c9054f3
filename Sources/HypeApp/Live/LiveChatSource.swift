import HypeChat
import HypeCore

/// Where the chat of a live session comes from.
protocol LiveChatSource: Sendable {
    /// Reads the chat until the task is cancelled; comes back by itself after every interruption.
    ///
    /// - Parameter tell: Called for everything that happens, in order.
    func run(_ tell: @escaping @Sendable (LiveChatUpdate) -> Void) async
}

/// Knows the chats of channels.
protocol LiveChats: Sendable {
    /// The chat of a channel; nil where it cannot be read at all.
    func chat(of channel: String) -> (any LiveChatSource)?
    /// Makes clips of a channel on its platform; nil where that is not wanted or not possible.
    func platform(of channel: String) -> (any PlatformClips)?
    /// The channel of the user who is logged in; nil where nobody is.
    func ownChannel() async -> String?
}

/// Has a platform make clips of its own beside ours.
protocol PlatformClips: Sendable {
    /// Name of the platform, such as `twitch`.
    var name: String { get }
    /// Has a clip made of what the channel's viewers saw just now, and waits until it is there.
    ///
    /// - Returns: Its address.
    /// - Throws: An error whose description says why there is none.
    func create() async throws -> String
}

/// Something that happened to the chat of a live session.
enum LiveChatUpdate: Sendable {
    /// Lines came.
    case lines([ChatEvent])
    /// The chat is there, there in part, or away.
    case state(Session.Part)
}
