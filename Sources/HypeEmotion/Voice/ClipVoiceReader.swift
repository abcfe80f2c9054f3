import Foundation
package import HypeCore
import HypeDSP

/// What the voice of a whole clip expresses.
package struct ClipVoice: Sendable {
    /// Calibrated probability of each of the eight emotions.
    package var emotion: EmotionScores
    /// Mean arousal, 0 (asleep) … 1 (screaming).
    package var arousal: Double
    /// How much of the clip is speech.
    package var speech: Duration
    /// Where somebody speaks, in order; times count from the clip's first sample.
    package var spoken: [MediaInterval]
    /// Whether reading was ended before all windows were read.
    package var isUnfinished = false
    /// The windows that the answer is the mean of.
    package var windows: [Window]
    /// Mean over the windows of what the net told them from; empty where it does not say.
    package var embedding: [Float]

    /// Two seconds of the clip.
    package struct Window: Sendable {
        /// Where the window lies; times count from the clip's first sample.
        package var interval: MediaInterval
        /// What the net makes of it.
        package var prediction: VoicePrediction
        /// What the net told it from; empty where it does not say.
        package var embedding: [Float]
    }
}

/// Reads the voice of clips: the answer is the mean over windows of two seconds, every half second through the speech.
///
/// The clip is brought to full scale first, as in training. Windows lie where ``ClipWindows`` says; of a clip with
/// several windows, those in which Silero hears speech for less than a fifth are left out, so that music before and
/// after the words is not judged. Use from one thread at a time.
package final class ClipVoiceReader {
    /// Part of a window that must be speech for it to count, 0…1, where another window has more.
    private static let minimumSpeech = 0.2

    private let detector: any SpeechDetecting
    private let model: any VoiceEmotionEstimating
    private let temperature: Double
    private let frontEnd: LogMel

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - detector: Tells speech from other sound; not shared.
    ///   - model: Reads a window; not shared.
    ///   - temperature: Divides the logarithms of the mean probabilities, above 0; 1 leaves the mean as it is.
    /// - Throws: `DSPError` with code `.transformUnavailable`.
    package init(
        detector: any SpeechDetecting,
        model: any VoiceEmotionEstimating,
        temperature: Double = 1
    ) throws {
        self.detector = detector
        self.model = model
        self.temperature = temperature
        frontEnd = try LogMel()
    }

    /// Reads a clip.
    ///
    /// - Parameters:
    ///   - samples: Mono PCM at 16 kHz, the whole clip.
    ///   - isOver: Asked before each window but the first, and in each second of listening; true ends the reading with
    ///     what is there by then.
    ///   - step: Called after each window and each second of listening; may throw to give up.
    /// - Returns: The answer, or nil where nobody speaks.
    /// - Throws: What the models or `step` throw.
    package func read(
        _ samples: [Float],
        isOver: () -> Bool = { false },
        step: () throws -> Void = {}
    ) throws -> ClipVoice? {
        let sound = Self.fullScale(samples)
        let (speech, listened) = try self.speech(in: sound, isOver: isOver, step: step)
        guard !speech.isEmpty, let bounds = ClipWindows.bounds(of: sound) else { return nil }
        var windows: [ClipVoice.Window] = []
        var isUnfinished = listened < sound.count
        for start in Self.spoken(ClipWindows.starts(in: bounds), speech: speech) {
            try step()
            if !windows.isEmpty, isOver() {
                isUnfinished = true
                break
            }
            let reading = try model.reading(frontEnd.spectrogram(of: ClipWindows.window(at: start, of: sound)))
            let end = start + VoiceEmotionModel.windowLength
            let interval = MediaInterval(start: Self.time(max(0, start)), end: Self.time(min(sound.count, end)))
            windows.append(
                ClipVoice.Window(interval: interval, prediction: reading.prediction, embedding: reading.embedding)
            )
        }
        guard let summary = summary(of: windows.map { ($0, 1) }) else { return nil }
        let total = speech.reduce(0) { $0 + $1.count }
        return ClipVoice(
            emotion: summary.emotion,
            arousal: summary.arousal,
            speech: Self.time(total) - .zero,
            spoken: speech.map { MediaInterval(start: Self.time($0.lowerBound), end: Self.time($0.upperBound)) },
            isUnfinished: isUnfinished,
            windows: windows,
            embedding: summary.embedding
        )
    }

    /// What windows say together: the weighted mean of their probabilities, calibrated, and of the rest.
    ///
    /// - Parameter windows: Windows with weights of at least 0.
    /// - Returns: Emotion, arousal and embedding; nil where the weights do not add up to more than zero.
    package func summary(
        of windows: [(window: ClipVoice.Window, weight: Double)]
    ) -> (emotion: EmotionScores, arousal: Double, embedding: [Float])? {
        var sum = ScoreSum()
        var arousal = 0.0
        for (window, weight) in windows where weight > 0 {
            sum.add(window.prediction.emotion, embedding: window.embedding, weight: weight)
            arousal += window.prediction.arousal * weight
        }
        return sum.mean.map { ($0.tempered(by: temperature), arousal / sum.weight, sum.embedding) }
    }

    /// Where somebody speaks, and how far was listened, as positions of samples.
    private func speech(
        in sound: [Float],
        isOver: () -> Bool,
        step: () throws -> Void
    ) throws -> (spoken: [Range<Int>], listened: Int) {
        detector.reset()
        var segmenter = SpeechSegmenter()
        var found: [MediaInterval] = []
        var listened = sound.count
        for first in stride(from: 0, to: sound.count, by: VoiceActivity.chunkLength) {
            if first % (32 * VoiceActivity.chunkLength) == 0 {
                try step()
                if first > 0, isOver() {
                    listened = first
                    break
                }
            }
            var chunk = Array(sound[first..<min(first + VoiceActivity.chunkLength, sound.count)])
            chunk += [Float](repeating: 0, count: VoiceActivity.chunkLength - chunk.count)
            let interval = MediaInterval(start: Self.time(first), end: Self.time(first + VoiceActivity.chunkLength))
            let probability = try detector.probability(of: chunk)
            if let ended = segmenter.push(probability: probability, interval: interval) { found.append(ended) }
        }
        if let last = segmenter.finish() { found.append(last) }
        return (found.map { Self.index($0.start)..<min(sound.count, Self.index($0.end)) }, listened)
    }

    /// The windows with enough speech in them; where none has, the one with most.
    private static func spoken(_ starts: [Int], speech: [Range<Int>]) -> [Int] {
        let shares = starts.map { start in
            let window = start..<start + VoiceEmotionModel.windowLength
            return speech.reduce(0) { $0 + $1.clamped(to: window).count }
        }
        let needed = Int(minimumSpeech * Double(VoiceEmotionModel.windowLength))
        let spoken = zip(starts, shares).filter { $0.1 >= needed }.map(\.0)
        guard spoken.isEmpty, let most = zip(starts, shares).max(by: { $0.1 < $1.1 })?.0 else { return spoken }
        return [most]
    }

    private static func fullScale(_ samples: [Float]) -> [Float] {
        let peak = max(samples.reduce(0) { max($0, abs($1)) }, 1e-4)
        return samples.map { $0 / peak }
    }

    private static func time(_ sample: Int) -> MediaTime {
        .zero + .nanoseconds(Int64(sample) * 1_000_000_000 / Int64(AudioBlock.sampleRate))
    }

    private static func index(_ time: MediaTime) -> Int {
        Int((time.seconds * Double(AudioBlock.sampleRate)).rounded())
    }
}

extension EmotionScores {
    /// Probabilities whose logarithms are divided by a temperature; above 1 they become less sure.
    ///
    /// - Parameter temperature: Above 0.
    /// - Returns: Probabilities that sum to 1.
    func tempered(by temperature: Double) -> EmotionScores {
        guard temperature != 1 else { return self }
        let powers = Emotion.allCases.map { pow(Double(max(self[$0], 0)), 1 / temperature) }
        let total = powers.reduce(0, +)
        guard total > 0 else { return self }
        return EmotionScores(probabilities: powers.map { Float($0 / total) })
    }
}
