internal import NIOCore

/// Several FLV tags in one message (specification 1.0, section 7.1.6).
enum AggregateMessage {
    /// The sound and picture messages within an aggregate, with times moved to the aggregate's own; up to the first
    /// that is not whole.
    static func parts(of message: RTMPMessage) -> [RTMPMessage] {
        var payload = message.payload
        var parts: [RTMPMessage] = []
        var base: UInt32?
        while let type = payload.readInteger(as: UInt8.self), let length = payload.readUInt24(),
            let low = payload.readUInt24(), let high = payload.readInteger(as: UInt8.self),
            payload.readUInt24() != nil, let body = payload.readSlice(length: Int(length)),
            payload.readInteger(as: UInt32.self) != nil
        {
            let time = UInt32(high) << 24 | low
            let first = base ?? time
            base = first
            guard type == RTMPMessage.Kind.audio || type == RTMPMessage.Kind.video else { continue }
            let timestamp = message.timestamp &+ (time &- first)
            parts.append(RTMPMessage(type: type, streamID: message.streamID, timestamp: timestamp, payload: body))
        }
        return parts
    }
}
