/// Why a text is not JSON.
public enum SocketIOJSONError: Error, Hashable, Sendable {
    /// It ended too early.
    case unexpectedEnd
    /// A byte does not belong there; the offset counts from the start of the text.
    case unexpectedByte(UInt8, offset: Int)
    /// It is nested deeper than 256.
    case tooDeep
}
