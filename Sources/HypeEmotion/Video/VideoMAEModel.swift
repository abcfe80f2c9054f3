package import Foundation
package import HypeInference

/// A VideoMAE net with its description, for clips of pictures.
///
/// The net is one that `Training/run videomae` made: input `video` `[batch, frames, 3, side, side]`, normalised as the
/// description says; outputs `logits` `[batch, classes]` and `embedding` `[batch, width]`. Use from one thread at a time;
/// a run blocks it for as long as the net takes, which is seconds on one core for the larger ones.
package final class VideoMAEModel {
    private let net: VideoMAENet
    private let request: InferenceRequest
    private let normalizer: ClipNormalizer

    /// What the net takes and answers.
    package var description: VideoModelDescription { net.description }
    /// Clips that one run takes.
    package var batch: Int { net.batch }

    /// Makes a model with memory of its own.
    ///
    /// - Parameter net: The net, which other threads may use too.
    /// - Throws: `InferenceError` where there is no memory for a run.
    package init(net: VideoMAENet) throws {
        self.net = net
        normalizer = ClipNormalizer(mean: net.description.input.mean, deviation: net.description.input.std)
        request = try net.model.makeRequest()
    }

    /// Loads a model of the catalogue.
    ///
    /// - Parameters:
    ///   - model: Which one.
    ///   - locator: Where models lie.
    ///   - core: The inference runtime.
    ///   - batch: As for ``VideoMAENet/init(file:core:batch:)``.
    /// - Throws: `InferenceError` with code `.modelMissing` and the commands that bring it, or as for
    ///   ``VideoMAENet/init(file:core:batch:)``.
    package convenience init(
        _ model: ModelFile,
        from locator: ModelLocator,
        core: InferenceCore,
        batch: Int = 1
    ) throws {
        try self.init(file: locator.url(of: model), core: core, batch: batch)
    }

    /// Loads a model.
    ///
    /// - Parameters: As for ``VideoMAENet/init(file:core:batch:)``.
    /// - Throws: As for ``VideoMAENet/init(file:core:batch:)``.
    package convenience init(file: URL, core: InferenceCore, batch: Int = 1) throws {
        try self.init(net: VideoMAENet(file: file, core: core, batch: batch))
    }

    /// Predicts clips.
    ///
    /// - Parameters:
    ///   - clips: Pictures of each clip, ``VideoModelDescription/Input/frames`` of ``VideoModelDescription/Input/side``
    ///     columns each; any number of clips. Where the last run is not full, it takes as long as a full one.
    ///   - progress: Called after each run with the number of clips that are done.
    /// - Returns: A prediction for each clip, in order.
    /// - Throws: `InferenceError` with code `.wrongInputSize` where a clip has another size, or `.runtime`; what
    ///   `progress` throws, such as `CancellationError`, ends the work.
    package func predictions(
        of clips: [[ClipPicture]],
        progress: (Int) throws -> Void = { _ in }
    ) throws -> [VideoPrediction] {
        for clip in clips {
            guard clip.count == description.input.frames, clip.allSatisfy({ $0.side == description.input.side }) else {
                throw InferenceError(
                    .wrongInputSize,
                    "\(description.name) takes \(description.input.frames) pictures of \(description.input.side) columns, "
                        + "not \(clip.count) of \(clip.first?.side ?? 0)."
                )
            }
        }
        var predictions: [VideoPrediction] = []
        predictions.reserveCapacity(clips.count)
        for start in stride(from: 0, to: clips.count, by: batch) {
            let chunk = clips[start..<min(start + batch, clips.count)]
            fill(chunk)
            try request.run()
            let (rows, embeddings) = (request.output(net.logits), request.output(net.embedding))
            let (classes, width) = (rows.count / batch, embeddings.count / batch)
            for place in 0..<chunk.count {
                predictions.append(
                    VideoPrediction(
                        logits: Array(rows[place * classes..<(place + 1) * classes]),
                        embedding: Array(embeddings[place * width..<(place + 1) * width]),
                        description: description
                    )
                )
            }
            try progress(predictions.count)
        }
        return predictions
    }

    /// Writes clips into the net's input, from its first place on.
    private func fill(_ clips: ArraySlice<[ClipPicture]>) {
        let size = 3 * description.input.side * description.input.side
        request.withInput(net.input) { span in
            for (place, picture) in clips.joined().enumerated() {
                normalizer.write(picture, to: &span, at: place * size)
            }
        }
    }
}
