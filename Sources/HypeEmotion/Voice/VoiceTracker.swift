package import HypeCore
import HypeDSP

/// Turns measured chunks into observations: the pure part of ``VoiceAnalyzer``.
///
/// Keeps the chunks of the last window, the speaker's baseline and the age of the silence. Add all chunks that end at
/// or before a window's end, then ask for the ``window(_:)``, then ``observe(_:prediction:)`` it.
package struct VoiceTracker: Sendable {
    /// Length of a window.
    package static let window = Duration.seconds(2)
    /// Time between windows; they end at its whole multiples on the media clock.
    package static let hop = Duration.milliseconds(500)

    /// The speaker's habit so far.
    package private(set) var baseline = VoiceBaseline()

    private let settings: VoiceSettings
    private var chunks: [VoiceChunk] = []
    private var silentSince: MediaTime?

    /// How far above the baseline sound that is not taken for speech may be a scream.
    private static let burstGain = 9.0
    /// Least voiced chunks of a scream: 0.32 s.
    private static let burstChunks = 10
    /// Least speech probability that some chunk of a scream has; music and tones mostly stay below it.
    private static let burstProbability: Float = 0.15

    /// Creates a tracker that has heard nothing.
    package init(settings: VoiceSettings = VoiceSettings()) {
        self.settings = settings
    }

    /// Takes the next chunk.
    package mutating func add(_ chunk: VoiceChunk) {
        chunks.append(chunk)
        if Loudness.decibels(ofMeanSquare: chunk.meanSquare) > settings.silenceLevel {
            silentSince = nil
        } else if silentSince == nil {
            silentSince = chunk.interval.start
        }
    }

    /// Forgets the chunks, as at a break in the sound, but not the speaker.
    package mutating func interrupt() {
        chunks.removeAll(keepingCapacity: true)
        silentSince = nil
    }

    /// Sums up a window; older chunks are forgotten.
    ///
    /// - Parameter interval: The window; its end must not be before that of the window before.
    /// - Returns: What is known without the emotion model.
    package mutating func window(_ interval: MediaInterval) -> VoiceWindow {
        chunks.removeAll { $0.interval.end <= interval.start }
        let inside = chunks.filter { $0.interval.end <= interval.end }
        let speech = inside.filter(\.isSpeech)
        let newest = speech.filter { $0.interval.end > interval.end - Self.hop }
        let meanSquare = inside.isEmpty ? 0 : inside.reduce(0) { $0 + $1.meanSquare } / Double(inside.count)
        let fraction = inside.isEmpty ? 0 : Double(speech.count) / Double(inside.count)
        return VoiceWindow(
            interval: interval,
            level: Loudness.decibels(ofMeanSquare: meanSquare),
            speechFraction: fraction,
            newSpeechSeconds: newest.reduce(0) { $0 + $1.interval.duration.inSeconds },
            content: content(of: inside, speech: speech, until: interval.end)
        )
    }

    /// Judges a window and learns from it.
    ///
    /// - Parameters:
    ///   - window: The newest window.
    ///   - prediction: What the model says about it; nil where there is no model or it need not be asked.
    /// - Returns: The observation, of kind voice.
    package mutating func observe(_ window: VoiceWindow, prediction: VoicePrediction?) -> Observation {
        switch window.content {
        case .dead:
            let seconds = Int(settings.longestSilence.inSeconds)
            return Observation(
                kind: .voice,
                interval: window.interval,
                missing: "microphone silent for more than \(seconds) s"
            )
        case .quiet:
            let evidence = VoiceEvidence(
                arousal: 0,
                loudness: window.level,
                loudnessGain: 0,
                speechFraction: window.speechFraction
            )
            return Observation(kind: .voice, interval: window.interval, score: 0, evidence: .voice(evidence))
        case .voice(let measure, let gains, let isBurst):
            let score = score(of: gains, prediction: prediction)
            if !isBurst {
                baseline.learn(
                    measure,
                    arousal: prediction?.arousal,
                    seconds: window.newSpeechSeconds,
                    isExcited: score >= 0.5
                )
            }
            let evidence = VoiceEvidence(
                emotion: prediction?.emotion,
                arousal: prediction?.arousal ?? score,
                loudness: window.level,
                loudnessGain: gains.loudness,
                pitch: measure.pitch,
                pitchGain: gains.pitch,
                speechFraction: window.speechFraction
            )
            return Observation(kind: .voice, interval: window.interval, score: score, evidence: .voice(evidence))
        }
    }

    /// The score that gains and a prediction stand for now.
    package func score(of gains: VoiceGains, prediction: VoicePrediction?) -> Double {
        let arousal = prediction.map { baseline.arousalGain(of: $0.arousal) }
        return VoiceExcitement.score(of: VoiceCues(gains: gains, arousal: arousal))
    }

    private func content(
        of inside: [VoiceChunk],
        speech: [VoiceChunk],
        until end: MediaTime
    ) -> VoiceWindow.Content {
        if let silentSince, end - silentSince >= settings.longestSilence { return .dead }
        if Double(speech.count) >= settings.minimumSpeechFraction * Double(max(1, inside.count)),
            let measure = VoiceMeasure(of: speech)
        {
            return .voice(measure, baseline.gains(of: measure), isBurst: false)
        }
        let burst = loudVoiced(inside)
        if burst.count >= Self.burstChunks, inside.contains(where: { $0.probability >= Self.burstProbability }),
            let measure = VoiceMeasure(of: burst)
        {
            return .voice(measure, baseline.gains(of: measure), isBurst: true)
        }
        return .quiet
    }

    /// Chunks that may be a scream or laughter: voiced and far louder than the speaker speaks.
    private func loudVoiced(_ chunks: [VoiceChunk]) -> [VoiceChunk] {
        guard let level = baseline.level, baseline.speechSeconds >= VoiceBaseline.trustSeconds else { return [] }
        return chunks.filter { chunk in
            chunk.pitch != nil && Loudness.decibels(ofMeanSquare: chunk.meanSquare) >= level + Self.burstGain
        }
    }
}
