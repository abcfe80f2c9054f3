package import NIOCore

/// A frame on its session's clock.
package struct MediaPacket: Hashable, Sendable {
    /// The codec.
    package var codec: MediaCodec
    /// Whether decoding can begin here, and when it is shown.
    package var frame: MediaUnit.Frame
    /// Milliseconds of session time at which it is decoded; never below that of the track's packet before.
    package var time: Int64
    /// The frame's bytes.
    package var data: ByteBuffer
    /// See ``MediaUnit/legacyFlags``.
    package var legacyFlags: UInt8

    /// Creates a packet.
    package init(
        _ codec: MediaCodec,
        time: Int64,
        frame: MediaUnit.Frame = MediaUnit.Frame(),
        data: ByteBuffer,
        legacyFlags: UInt8 = 0
    ) {
        self.codec = codec
        self.frame = frame
        self.time = time
        self.data = data
        self.legacyFlags = legacyFlags
    }
}
