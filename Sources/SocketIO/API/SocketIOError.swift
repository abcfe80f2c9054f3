/// Why an acknowledgement did not come.
public enum SocketIOError: Error, Hashable, Sendable {
    /// The client did not answer in time.
    case timedOut
    /// The client is gone.
    case disconnected
    /// Too much waits already: acknowledgements of this client, or emits of its event loop.
    case overloaded
}
