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
}
