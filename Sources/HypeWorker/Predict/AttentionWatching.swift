import HypeCore
import HypeEmotion
import HypeMedia
import HypeWorkerLink

/// Measures attention and drowsiness of the largest face of a film, from the first picture to the last.
///
/// Every point of the grid of sixteen pictures a second is looked at, because blinks are over in two of them.
struct AttentionWatching {
    let job: Job
    let shelf: Shelf
    let budget: TimeBudget

    /// Watches a film; alerts are emitted as they come.
    ///
    /// - Parameter file: The film.
    /// - Returns: What was measured, as far as there was time.
    /// - Throws: `InferenceError`, ``EmotionError`` or ``MediaError``.
    func run(_ file: MediaFile) throws -> AttentionCourse {
        let models = try shelf.attentionModels()
        var settings = GridFrameReader.Settings()
        settings.longestSide = AttentionAnalyzer.usefulSide
        let pictures = try GridFrameReader(file, settings: settings, interrupt: budget.interrupt)
        let origin: Duration = file.info.interval.start - .zero
        var gauge = try AttentionGauge(models: models)
        var course = AttentionCourse()
        while !budget.isSpent, let look = try budget.limited({ try pictures.next() }) ?? nil {
            try job.checkCancellation()
            let time = look.shown.start - origin
            guard time < MediaTime.zero + SubjectMedia.longest else { break }
            let frame = VideoFrame(time: time, image: look.frame.image, region: look.frame.region)
            let news = try gauge.take(frame)
            course.pictures += 1
            if news.isSeen { course.seen += 1 }
            if let sample = news.sample, course.samples.count < AttentionCourse.sampleLimit {
                course.samples.append(sample)
            }
            course.alerts += news.alerts
            for alert in news.alerts { job.emit(.attention(alert)) }
            job.progress(to: time)
        }
        course.summary = gauge.summary
        return course
    }
}
