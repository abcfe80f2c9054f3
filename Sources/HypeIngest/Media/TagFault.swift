/// Why a sound or picture message is left out; the stream goes on.
package enum TagFault: Error, Hashable, Sendable {
    /// It ends within its header.
    case truncated
    /// A codec that is not taken, and how it names itself.
    case codec(String)
    /// A packet type that the specification reserves, or that means nothing here.
    case packetType(UInt8)
}
