import HypeCore
import HypeEmotion

/// Looks at one face picture by picture and says when its attention passes a limit, and how it is each second.
///
/// Belongs to one thread.
struct AttentionGauge {
    /// What a picture brought.
    struct News {
        /// Whether a face was seen.
        var isSeen: Bool
        /// Alerts that begin or end.
        var alerts: [AttentionAlert]
        /// The gauges, with the first picture of each second of media time.
        var sample: AttentionSummary?
    }

    private let analyzer: AttentionAnalyzer
    private var tracker: AttentionTracker
    private var nextSample = MediaTime.zero

    /// Creates a gauge that has seen nothing.
    ///
    /// - Parameter models: The nets.
    /// - Throws: ``EmotionError`` where a model file holds another model.
    init(models: AttentionModels) throws {
        analyzer = try AttentionAnalyzer(models: models)
        tracker = try AttentionTracker()
    }

    /// What is known; nil before the first picture.
    var summary: AttentionSummary? { tracker.summary }

    /// Looks at the next picture; later than the one before.
    ///
    /// - Throws: `InferenceError` where a model fails to run.
    mutating func take(_ frame: VideoFrame) throws -> News {
        let reading = try analyzer.read(frame)
        let alerts = tracker.update(reading)
        return News(isSeen: reading.face != nil, alerts: alerts, sample: sample(at: frame.time))
    }

    /// Takes in that there was no picture until a time.
    mutating func advance(to time: MediaTime) -> News {
        let alerts = tracker.advance(to: time)
        return News(isSeen: false, alerts: alerts, sample: sample(at: time))
    }

    private mutating func sample(at time: MediaTime) -> AttentionSummary? {
        guard time >= nextSample else { return nil }
        nextSample = MediaTime(nanoseconds: (time.nanoseconds / 1_000_000_000 + 1) * 1_000_000_000)
        return tracker.summary
    }
}
