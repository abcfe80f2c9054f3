package import NIOCore

/// What one sound or picture message holds, whatever form the publisher chose.
package struct MediaUnit: Hashable, Sendable {
    /// What kind of bytes it is.
    package enum Content: Hashable, Sendable {
        /// The decoder's configuration: `avcC`, `hvcC`, `av1C`, AudioSpecificConfig, OpusHead, or `fLaC` with STREAMINFO.
        case configuration
        /// A frame.
        case frame(Frame)
        /// The publisher ends the track's sequence.
        case end
    }

    /// What is known of a frame.
    package struct Frame: Hashable, Sendable {
        /// Whether decoding can begin here; always so for sound.
        package var isKey: Bool
        /// Milliseconds from decoding to showing; negative only from odd encoders.
        package var compositionTime: Int32

        /// Creates what is known of a frame.
        package init(isKey: Bool = true, compositionTime: Int32 = 0) {
            self.isKey = isKey
            self.compositionTime = compositionTime
        }
    }

    /// The codec.
    package var codec: MediaCodec
    /// What kind of bytes it is.
    package var content: Content
    /// The bytes: NAL units behind their lengths for H.264 and HEVC, OBUs for AV1, raw AAC frames.
    package var data: ByteBuffer
    /// The first byte of a sound message in the old form, which FFmpeg takes an MP3's rate from; zero otherwise.
    package var legacyFlags: UInt8

    /// Creates a unit.
    package init(_ codec: MediaCodec, _ content: Content, data: ByteBuffer, legacyFlags: UInt8 = 0) {
        self.codec = codec
        self.content = content
        self.data = data
        self.legacyFlags = legacyFlags
    }
}
