/// What a media file or stream contains.
package struct MediaInfo: Hashable, Sendable, Codable {
    /// Short name of the container, such as `mov,mp4,m4a` or `matroska,webm`.
    package var container: String
    /// The stretch that the streams cover.
    ///
    /// Starts where the first packet does, which need not be zero.
    package var interval: MediaInterval
    /// The picture, or nil where there is none.
    package var video: Video?
    /// The sound, or nil where there is none.
    package var audio: Audio?

    /// Creates a description.
    package init(container: String, interval: MediaInterval, video: Video?, audio: Audio?) {
        self.container = container
        self.interval = interval
        self.video = video
        self.audio = audio
    }

    /// A picture track.
    package struct Video: Hashable, Sendable, Codable {
        /// Short codec name, such as `h264`.
        package var codec: String
        /// Columns of the picture as it is shown, after rotation.
        package var width: Int
        /// Rows of the picture as it is shown, after rotation.
        package var height: Int
        /// Average frames per second, 0 where unknown.
        package var frameRate: Double
        /// Clockwise rotation in degrees that makes the picture upright: 0, 90, 180 or 270.
        package var rotation: Int

        /// Creates a description.
        package init(codec: String, width: Int, height: Int, frameRate: Double, rotation: Int) {
            self.codec = codec
            self.width = width
            self.height = height
            self.frameRate = frameRate
            self.rotation = rotation
        }
    }

    /// A sound track.
    package struct Audio: Hashable, Sendable, Codable {
        /// Short codec name, such as `aac`.
        package var codec: String
        /// Samples per second.
        package var sampleRate: Int
        /// Number of channels.
        package var channels: Int

        /// Creates a description.
        package init(codec: String, sampleRate: Int, channels: Int) {
            self.codec = codec
            self.sampleRate = sampleRate
            self.channels = channels
        }
    }
}
