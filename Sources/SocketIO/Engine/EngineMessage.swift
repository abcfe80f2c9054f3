package import NIOCore

/// A message of Engine.IO, as the application gets it.
package enum EngineMessage: Hashable, Sendable {
    /// Text.
    case text(String)
    /// Bytes.
    case binary(ByteBuffer)
}
