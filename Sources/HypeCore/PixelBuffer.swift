/// A rectangle in pixels of the upright picture, origin at the top left.
package struct PixelRegion: Hashable, Sendable, Codable {
    /// Left edge.
    package var x: Int
    /// Top edge.
    package var y: Int
    /// Width, in JSON `w`.
    package var width: Int
    /// Height, in JSON `h`.
    package var height: Int

    /// Creates a rectangle.
    package init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    private enum CodingKeys: String, CodingKey {
        case x, y
        case width = "w"
        case height = "h"
    }

    /// The rectangle cut to a picture, or nil where nothing of it lies inside.
    package func clamped(toWidth pictureWidth: Int, height pictureHeight: Int) -> PixelRegion? {
        let left = max(0, x)
        let top = max(0, y)
        let right = min(pictureWidth, x + width)
        let bottom = min(pictureHeight, y + height)
        guard right > left, bottom > top else { return nil }
        return PixelRegion(x: left, y: top, width: right - left, height: bottom - top)
    }

    /// Intersection over union (IoU) of two rectangles, 0…1.
    package func overlap(with other: PixelRegion) -> Double {
        let shared = max(0, min(x + width, other.x + other.width) - max(x, other.x))
        let rows = max(0, min(y + height, other.y + other.height) - max(y, other.y))
        let intersection = Double(shared) * Double(rows)
        let union = Double(width) * Double(height) + Double(other.width) * Double(other.height) - intersection
        return union > 0 ? intersection / union : 0
    }
}

/// An RGB picture, 8 bits per channel.
package struct PixelBuffer: Hashable, Sendable {
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// Interleaved R, G, B without padding.
    ///
    /// Shape `[height, width, 3]`, row-major.
    package var bytes: [UInt8]

    /// Creates a picture.
    ///
    /// - Precondition: `bytes` holds exactly `width * height * 3` values.
    package init(width: Int, height: Int, bytes: [UInt8]) {
        precondition(bytes.count == width * height * 3, "an RGB picture has three bytes per pixel")
        self.width = width
        self.height = height
        self.bytes = bytes
    }
}

/// A decoded picture with its place on the media clock.
package struct VideoFrame: Sendable {
    /// Presentation time.
    package let time: MediaTime
    /// The picture, or the part of it that was asked for, scaled as asked.
    package let image: PixelBuffer
    /// The part of the upright source picture that `image` shows.
    package let region: PixelRegion

    /// Creates a frame.
    package init(time: MediaTime, image: PixelBuffer, region: PixelRegion) {
        self.time = time
        self.image = image
        self.region = region
    }
}

/// A run of mono samples with its place on the media clock.
package struct AudioBlock: Sendable {
    /// Sample rate of every block in Hz; the rate that all voice processing works at.
    package static let sampleRate = 16_000

    /// Presentation time of the first sample.
    package let start: MediaTime
    /// Mono PCM in [-1, 1].
    ///
    /// Shape `[sampleCount]`, at ``sampleRate``.
    package let samples: [Float]

    /// Creates a block.
    package init(start: MediaTime, samples: [Float]) {
        self.start = start
        self.samples = samples
    }

    /// Presentation time of the sample after the last.
    package var end: MediaTime {
        start + .nanoseconds(Int64(samples.count) * 1_000_000_000 / Int64(Self.sampleRate))
    }
}
