package import NIOCore

/// A whole message of RTMP, put together from its chunks.
package struct RTMPMessage: Hashable, Sendable {
    /// The message types that publishers and servers use (specification 1.0, sections 5.4 and 7.1).
    package enum Kind {
        package static let setChunkSize: UInt8 = 1
        package static let abort: UInt8 = 2
        package static let acknowledgement: UInt8 = 3
        package static let userControl: UInt8 = 4
        package static let windowAcknowledgementSize: UInt8 = 5
        package static let setPeerBandwidth: UInt8 = 6
        package static let audio: UInt8 = 8
        package static let video: UInt8 = 9
        package static let dataAMF3: UInt8 = 15
        package static let commandAMF3: UInt8 = 17
        package static let data: UInt8 = 18
        package static let command: UInt8 = 20
        package static let aggregate: UInt8 = 22
    }

    /// The message type, see ``Kind``; any byte.
    package var type: UInt8
    /// The message stream; 0 for the connection itself.
    package var streamID: UInt32
    /// Milliseconds of the sender's clock, wrapping at 2³².
    package var timestamp: UInt32
    /// The message's body.
    package var payload: ByteBuffer

    /// Creates a message.
    package init(type: UInt8, streamID: UInt32 = 0, timestamp: UInt32 = 0, payload: ByteBuffer) {
        self.type = type
        self.streamID = streamID
        self.timestamp = timestamp
        self.payload = payload
    }
}
