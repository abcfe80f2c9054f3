/// What a publisher sent that cannot be understood or goes beyond a limit; it ends that publisher's connection.
package enum RTMPFault: Error, Hashable, Sendable {
    /// The first byte names another version than 3, as encrypted RTMP (6) or TLS (22) do.
    case version(UInt8)
    /// A chunk leaves out header fields although nothing came before it on its chunk stream.
    case headerMissing(chunkStream: UInt32)
    /// More chunk streams than allowed.
    case chunkStreams(limit: Int)
    /// A message announces more bytes than allowed.
    case messageSize(Int, limit: Int)
    /// Unfinished messages hold more bytes than allowed.
    case unfinishedBytes(limit: Int)
    /// A chunk size of zero or above what the specification allows.
    case chunkSize(UInt32)
    /// A control message is shorter than its fields.
    case controlMessage(type: UInt8)
    /// A command's values cannot be read.
    case values(AMF0Fault)
    /// A command came at a time at which it has no meaning.
    case unexpectedCommand(String)
    /// More streams were created on one connection than allowed.
    case streams(limit: Int)
}

extension RTMPFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .version(22): "the publisher speaks TLS (rtmps); use an rtmp:// address"
        case .version(let version): "RTMP version \(version) is not spoken here, only 3; use an rtmp:// address"
        case .headerMissing(let stream): "chunk stream \(stream) begins without a full header"
        case .chunkStreams(let limit): "more than \(limit) chunk streams"
        case .messageSize(let size, let limit): "a message of \(size) bytes, \(limit) are allowed; lower the bitrate"
        case .unfinishedBytes(let limit): "more than \(limit) bytes of unfinished messages"
        case .chunkSize(let size): "chunk size \(size)"
        case .controlMessage(let type): "control message \(type) is too short"
        case .values(let fault): "unreadable values: \(fault)"
        case .unexpectedCommand(let name): "command \(name) out of turn"
        case .streams(let limit): "more than \(limit) streams on one connection"
        }
    }
}
