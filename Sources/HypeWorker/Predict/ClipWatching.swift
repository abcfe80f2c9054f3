import HypeCore
import HypeEmotion
import HypeInference
import HypeMedia
import HypeWorkerLink

/// Shows the clips of a film to a video model, one after the other.
struct ClipWatching {
    /// Classes that are told of each clip.
    private static let answerCount = 5

    let job: Job
    let shelf: Shelf
    let budget: TimeBudget

    /// Watches a film.
    ///
    /// - Parameters:
    ///   - file: The film.
    ///   - name: The model's name in the catalogue.
    /// - Returns: What the model says about each clip, as far as there was time.
    /// - Throws: ``WorkerFailure`` where there is no such model; `InferenceError`, ``EmotionError`` or ``MediaError``.
    func run(_ file: MediaFile, model name: String) throws -> VideoReading {
        let model = try shelf.videoModel(name)
        var settings = GridFrameReader.Settings()
        settings.longestSide = 2 * model.description.input.side
        let pictures = try GridFrameReader(file, settings: settings, interrupt: budget.interrupt)
        let origin: Duration = file.info.interval.start - .zero
        var reader = VideoClipReader(model: model)
        var reading = VideoReading(model: name, clips: [])
        while !budget.isSpent, let look = try budget.limited({ try pictures.next() }) ?? nil {
            try job.checkCancellation()
            let time = look.frame.time - origin
            job.progress(to: time)
            reading.clips += try reader.add(look.frame.image, at: time).map(Self.clip)
        }
        if !budget.isSpent {
            let end = file.info.interval.end - origin
            reading.clips += try reader.finish(at: end).map(Self.clip)
        }
        return reading
    }

    private static func clip(_ result: VideoClipReader.Result) -> VideoReading.Clip {
        VideoReading.Clip(
            interval: result.interval,
            answers: result.prediction.top(answerCount).map {
                VideoReading.Answer(label: $0.label, probability: Double($0.probability))
            },
            emotion: result.prediction.emotion,
            isSure: result.prediction.isSure
        )
    }
}
