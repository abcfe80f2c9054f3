import HypeChat
import Synchronization

/// What a chat's connections tell, kept within bounds for one reader.
///
/// The connections never wait for the reader: pings must be answered whatever he does, or the server hangs up. Where he is
/// slower than the chat, the oldest events are dropped for the newest, which is what a burst is seen by, and counted.
final class TwitchChatFeed: Sendable {
    private struct Standing {
        var state: TwitchChatState
        var delivered = 0
        var dropped = 0
    }

    /// The events; for one reader.
    let events: AsyncStream<ChatEvent>
    /// The states, each once it changes; the latest sixteen are kept for one reader.
    let states: AsyncStream<TwitchChatState>
    private let eventSink: AsyncStream<ChatEvent>.Continuation
    private let stateSink: AsyncStream<TwitchChatState>.Continuation
    private let standing: Mutex<Standing>

    /// Creates a feed.
    ///
    /// - Parameter capacity: Events that wait for the reader, at least 1.
    init(capacity: Int) {
        (events, eventSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(max(1, capacity)))
        (states, stateSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(16))
        standing = Mutex(Standing(state: .missing(reason: "connecting")))
    }

    /// How reading goes.
    var state: TwitchChatState { standing.withLock(\.state) }
    /// Events that were told, with the dropped ones.
    var delivered: Int { standing.withLock(\.delivered) }
    /// Events that were dropped because the reader was slow.
    var dropped: Int { standing.withLock(\.dropped) }

    /// Tells an event.
    func deliver(_ event: ChatEvent) {
        var wasDropped = false
        if case .dropped = eventSink.yield(event) { wasDropped = true }
        standing.withLock { standing in
            standing.delivered += 1
            if wasDropped { standing.dropped += 1 }
        }
    }

    /// Says how reading goes now.
    ///
    /// - Parameter state: The new state.
    /// - Returns: Whether it is another one than before.
    @discardableResult
    func change(to state: TwitchChatState) -> Bool {
        let hasChanged = standing.withLock { standing in
            defer { standing.state = state }
            return standing.state != state
        }
        if hasChanged { stateSink.yield(state) }
        return hasChanged
    }

    /// Says that nothing more comes.
    func finish() {
        eventSink.finish()
        stateSink.finish()
    }
}
