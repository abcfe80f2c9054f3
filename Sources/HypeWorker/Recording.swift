import HypeCore
import HypeMedia

/// A media file with its clock moved so that its first instant is zero.
struct Recording: Footage {
    let file: MediaFile

    /// How far the file's own clock is ahead.
    var origin: Duration { file.info.interval.start - .zero }
    /// The stretch that can be read.
    var interval: MediaInterval { MediaInterval(start: .zero, end: .zero + file.info.interval.duration) }

    func reader(_ settings: FrameReader.Settings, interrupt: MediaInterrupt) throws -> FrameReader {
        try FrameReader(file, settings: settings, interrupt: interrupt)
    }

    /// A stretch on the file's own clock.
    func inFile(_ interval: MediaInterval) -> MediaInterval { interval.shifted(by: origin) }

    /// A frame of the file on the recording's clock.
    func rebased(_ frame: VideoFrame) -> VideoFrame {
        VideoFrame(time: frame.time - origin, image: frame.image, region: frame.region)
    }

    /// A block of the file on the recording's clock.
    func rebased(_ block: AudioBlock) -> AudioBlock {
        AudioBlock(start: block.start - origin, samples: block.samples)
    }
}
