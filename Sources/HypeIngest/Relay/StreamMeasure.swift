/// What a publisher sent lately.
package struct StreamMeasure: Hashable, Sendable {
    /// Bits per second of the picture.
    package var videoBitrate: Int
    /// Bits per second of the sound.
    package var audioBitrate: Int
    /// Pictures per second.
    package var frameRate: Double
    /// Media time between the latest two key frames; nil before there were two.
    package var keyFrameInterval: Duration?

    /// Creates a measure.
    package init(videoBitrate: Int, audioBitrate: Int, frameRate: Double, keyFrameInterval: Duration?) {
        self.videoBitrate = videoBitrate
        self.audioBitrate = audioBitrate
        self.frameRate = frameRate
        self.keyFrameInterval = keyFrameInterval
    }
}
