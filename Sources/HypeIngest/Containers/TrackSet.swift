package import NIOCore

/// The tracks of a stream with what their decoders have to know.
package struct TrackSet: Hashable, Sendable {
    /// One track.
    package struct Track: Hashable, Sendable {
        /// Its codec.
        package var codec: MediaCodec
        /// The decoder's configuration, nil for codecs that need none.
        package var configuration: ByteBuffer?

        /// Creates a track.
        package init(codec: MediaCodec, configuration: ByteBuffer? = nil) {
            self.codec = codec
            self.configuration = configuration
        }
    }

    /// The picture.
    package var video: Track?
    /// The sound.
    package var audio: Track?

    /// Creates a set.
    package init(video: Track? = nil, audio: Track? = nil) {
        self.video = video
        self.audio = audio
    }

    /// Whether there is no track at all.
    package var isEmpty: Bool { video == nil && audio == nil }

    /// Whether FFmpeg 5.1 reads all of it from FLV.
    package var fitsFLV: Bool { (video?.codec.fitsFLV ?? true) && (audio?.codec.fitsFLV ?? true) }

    /// The track for pictures or for sound.
    package subscript(isVideo isVideo: Bool) -> Track? {
        get { isVideo ? video : audio }
        set { if isVideo { video = newValue } else { audio = newValue } }
    }
}
