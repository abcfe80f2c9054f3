package import HypeCore

/// Reads a stream of pictures clip by clip: plans the clips, scales the pictures, asks the model.
///
/// A picture is scaled only where a clip needs it, and held only until then: at most one picture in full size and the
/// scaled ones of a clip (32 of 224 columns: 4.8 MB). The thread that adds the picture which completes a clip waits for
/// the model. Faces that are to be followed are handed in as a region with each picture.
package struct VideoClipReader {
    /// What a clip shows.
    package struct Result: Sendable {
        /// The stretch that the clip stands for.
        package let interval: MediaInterval
        /// What the model says.
        package let prediction: VideoPrediction
        /// Different pictures that the model saw, at least 1; 1 means a still picture.
        package let pictureCount: Int
        /// Whether the pictures ended before the clip was whole.
        package let isShort: Bool
    }

    private let model: VideoMAEModel
    private var plan: VideoClipPlan
    private var pending: (number: Int, picture: PixelBuffer, region: PixelRegion?)?
    /// Scaled pictures by number; nil where nothing of the region lay inside of the picture.
    private var scaled: [Int: ClipPicture] = [:]
    private var waiting: [Prepared] = []

    private struct Prepared {
        let clip: VideoClipPlan.Clip
        let pictures: [ClipPicture]
    }

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - model: The model; it may be shared by readers of one thread.
    ///   - settings: How clips are cut; the number of pictures is the model's.
    package init(model: VideoMAEModel, settings: VideoClipPlan.Settings = VideoClipPlan.Settings()) {
        self.model = model
        var settings = settings
        settings.sampleCount = model.description.input.frames
        plan = VideoClipPlan(settings: settings)
    }

    /// Adds a picture.
    ///
    /// - Parameters:
    ///   - picture: The picture.
    ///   - time: Its presentation time; one that does not advance is passed over.
    ///   - region: The part to look at, in the picture's pixels, such as ``ClipRegion/around(_:)`` a face; nil for all.
    ///     One that lies outside of the picture counts as nil.
    /// - Returns: What the clips show that are known now, in order. A model with a batch above 1 answers when a batch
    ///   is full, or at the end.
    /// - Throws: What running the model throws; the reader then is as if the clips had not been.
    package mutating func add(
        _ picture: PixelBuffer,
        at time: MediaTime,
        region: PixelRegion? = nil
    ) throws -> [Result] {
        guard picture.width > 0, picture.height > 0 else { return [] }
        let step = plan.add(time)
        guard let number = step.number else { return [] }
        take(step)
        pending = (number, picture, region)
        return try answer(all: false)
    }

    /// Ends the stream; the next picture begins a new one.
    ///
    /// - Parameter end: End of the recording on the media clock; nil where it is not known.
    /// - Returns: What the remaining clips show, in order.
    /// - Throws: What running the model throws.
    package mutating func finish(at end: MediaTime? = nil) throws -> [Result] {
        take(plan.finish(at: end))
        pending = nil
        scaled = [:]
        return try answer(all: true)
    }

    /// Scales the picture before where it counts, and collects the pictures of clips that are complete.
    private mutating func take(_ step: VideoClipPlan.Step) {
        if let pending, step.keepsPrevious || step.clips.contains(where: { $0.frames.contains(pending.number) }) {
            scaled[pending.number] = Self.scale(pending.picture, pending.region, model.description.input.side)
        }
        for clip in step.clips {
            let pictures = clip.frames.compactMap { scaled[$0] }
            if pictures.count == clip.frames.count { waiting.append(Prepared(clip: clip, pictures: pictures)) }
        }
        if !step.clips.isEmpty {
            let needed = plan.firstNeeded
            scaled = scaled.filter { $0.key >= needed }
        }
    }

    private static func scale(_ picture: PixelBuffer, _ region: PixelRegion?, _ side: Int) -> ClipPicture? {
        ClipPicture(picture, region: region, side: side) ?? ClipPicture(picture, side: side)
    }

    /// Asks the model about full batches, or about all that waits.
    private mutating func answer(all: Bool) throws -> [Result] {
        let count = all ? waiting.count : waiting.count / model.batch * model.batch
        guard count > 0 else { return [] }
        let ready = waiting.prefix(count)
        waiting.removeFirst(count)
        let predictions = try model.predictions(of: ready.map(\.pictures))
        return zip(ready, predictions).map { prepared, prediction in
            Result(
                interval: prepared.clip.interval,
                prediction: prediction,
                pictureCount: Set(prepared.clip.frames).count,
                isShort: prepared.clip.isShort
            )
        }
    }
}
