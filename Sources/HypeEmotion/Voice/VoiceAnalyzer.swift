package import HypeCore
import HypeDSP

/// Observes a voice: audio blocks in, an observation each half second out.
///
/// Windows of 2.0 s end at whole multiples of 0.5 s on the media clock; the first one of a stretch of sound after 1.0 s.
/// The speech detector hears everything; the emotion model is asked only about windows with enough voice, and less often
/// while the voice is calm. Blocks may have any length and give the same observations. One analyzer follows one
/// recording; it blocks while its models run, so it belongs on a thread of its own.
package final class VoiceAnalyzer {
    /// Speech that has ended, in order: where clips may be cut is between.
    package private(set) var speech: [MediaInterval] = []

    private let detector: any SpeechDetecting
    private let model: (any VoiceEmotionEstimating)?
    private let sounds: (any SoundEventHearing)?
    private let meter: VoiceMeter
    private let frontEnd: LogMel
    private var tracker: VoiceTracker
    private var segmenter: SpeechSegmenter
    private var clock = SampleClock()
    private var sound = SoundStretch()
    private var nextChunk = 0
    private var nextWindow: MediaTime?
    private var lastPrediction: (end: MediaTime, value: VoicePrediction)?
    private var lastSounds: (end: MediaTime, value: SoundScores)?

    /// The shortest stretch of sound that is observed.
    private static let shortestWindow = Duration.seconds(1)
    /// Score without the model below which its last answer is used again for one hop.
    private static let calmScore = 0.25

    /// Creates an analyzer.
    ///
    /// - Parameters:
    ///   - detector: Hears everything; not shared.
    ///   - model: Reads emotion, or nil to judge by loudness, pitch and effort alone; not shared.
    ///   - sounds: Hears laughter, screams and cheering, or nil to do without; not shared.
    ///   - settings: Thresholds.
    /// - Throws: ``HypeDSP/DSPError`` with code `.transformUnavailable`.
    package init(
        detector: any SpeechDetecting,
        model: (any VoiceEmotionEstimating)?,
        sounds: (any SoundEventHearing)? = nil,
        settings: VoiceSettings = VoiceSettings()
    ) throws {
        self.detector = detector
        self.model = model
        self.sounds = sounds
        meter = try VoiceMeter()
        frontEnd = try LogMel()
        tracker = VoiceTracker(settings: settings)
        segmenter = SpeechSegmenter(settings: settings.speech)
    }

    /// The speaker's habit so far.
    package var baseline: VoiceBaseline { tracker.baseline }

    /// The speech that is still going on, or nil.
    package var openSpeech: MediaInterval? { segmenter.openInterval }

    /// Drops speech intervals that ended before a time, to bound memory over hours.
    package func forgetSpeech(before time: MediaTime) {
        speech.removeAll { $0.end < time }
    }

    /// Takes the next block.
    ///
    /// - Parameter block: Samples that follow the block before; a break of more than ``HypeDSP/SampleClock/tolerance``
    ///   starts a new stretch and, if long, is reported as missing.
    /// - Returns: The observations that the block completes, in order.
    /// - Throws: What the models throw.
    package func push(_ block: AudioBlock) throws -> [Observation] {
        var observations: [Observation] = []
        if let gap = clock.advance(over: block) {
            observations += try finish()
            if gap.duration >= VoiceTracker.hop {
                observations.append(Observation(kind: .voice, interval: gap, missing: "the sound is interrupted"))
            }
        }
        sound.append(block)
        observations += try advance()
        return observations
    }

    /// Ends the sound: at the end of the recording or at a break.
    ///
    /// - Returns: A last observation where at least half a hop of sound was not observed yet.
    /// - Throws: What the models throw.
    package func finish() throws -> [Observation] {
        var observations: [Observation] = []
        if let nextWindow, sound.end > nextWindow - VoiceTracker.hop / 2,
            sound.end - sound.start >= Self.shortestWindow
        {
            observations.append(try observe(endingAt: sound.end))
        }
        if let last = segmenter.finish() { speech.append(last) }
        tracker.interrupt()
        detector.reset()
        sound = SoundStretch()
        nextChunk = 0
        nextWindow = nil
        lastPrediction = nil
        lastSounds = nil
        return observations
    }

    /// Works through chunks and windows in the order of their ends, so that block lengths do not matter.
    private func advance() throws -> [Observation] {
        var observations: [Observation] = []
        while true {
            let window = nextWindow ?? firstWindow
            nextWindow = window
            let chunkEnd = sound.time(of: nextChunk + VoiceActivity.chunkLength)
            if chunkEnd <= window {
                guard sound.count >= nextChunk + VoiceActivity.chunkLength else { break }
                try hear()
            } else {
                guard sound.end >= window else { break }
                observations.append(try observe(endingAt: window))
                nextWindow = window + VoiceTracker.hop
            }
        }
        sound.forget(before: min(nextChunk, sound.count - VoiceEmotionModel.windowLength) - Self.margin)
        return observations
    }

    /// The first grid point at which a stretch is long enough.
    private var firstWindow: MediaTime {
        let hop = VoiceTracker.hop.nanoseconds
        let earliest = (sound.start + Self.shortestWindow).nanoseconds
        let (quotient, remainder) = earliest.quotientAndRemainder(dividingBy: hop)
        return MediaTime(nanoseconds: (remainder > 0 ? quotient + 1 : quotient) * hop)
    }

    /// Samples kept beyond a window, for the pitch of its first chunk and the rounding of its start.
    private static let margin = 1024

    private func hear() throws {
        let local = sound.local(nextChunk)
        let samples = Array(sound.samples[local..<local + VoiceActivity.chunkLength])
        let interval = MediaInterval(
            start: sound.time(of: nextChunk),
            end: sound.time(of: nextChunk + VoiceActivity.chunkLength)
        )
        let probability = try detector.probability(of: samples)
        if let ended = segmenter.push(probability: probability, interval: interval) { speech.append(ended) }
        let measured = meter.measure(sound.samples, at: local)
        tracker.add(
            VoiceChunk(
                interval: interval,
                probability: probability,
                isSpeech: segmenter.isSpeech,
                meanSquare: measured.meanSquare,
                pitch: measured.pitch,
                lowEnergy: measured.lowEnergy,
                highEnergy: measured.highEnergy
            )
        )
        nextChunk += VoiceActivity.chunkLength
    }

    private func observe(endingAt end: MediaTime) throws -> Observation {
        let interval = MediaInterval(start: max(sound.start, end - VoiceTracker.window), end: end)
        let window = tracker.window(interval)
        let isPlausible = VoiceSounds.isPlausible(in: window, habit: tracker.baseline)
        let observation = tracker.observe(window, prediction: try prediction(for: window))
        guard isPlausible, let scores = try soundScores(of: window) else { return observation }
        return VoiceSounds(scores: scores, time: window.interval.midpoint).applied(to: observation, window: window)
    }

    /// What sounds there are about the middle of a window, which is what its observation speaks of.
    private func soundScores(of window: VoiceWindow) throws -> SoundScores? {
        guard let sounds else { return nil }
        let end = window.interval.end
        if let lastSounds, end - lastSounds.end <= VoiceTracker.hop, !lastSounds.value.isStirring {
            self.lastSounds = nil
            return lastSounds.value
        }
        let first = sound.index(of: window.interval.midpoint) - SoundScores.windowLength / 2
        guard let samples = sound.slice(from: first, to: first + SoundScores.windowLength) else { return nil }
        let scores = try sounds.scores(of: samples)
        let before = lastSounds.flatMap { end - $0.end <= VoiceTracker.hop ? $0.value : nil }
        lastSounds = (end, scores)
        // What was listened to a hop ago reaches half into this observation's time.
        return before.map(scores.joined) ?? scores
    }

    private func prediction(for window: VoiceWindow) throws -> VoicePrediction? {
        guard let model, case .voice(_, let gains, let isBurst) = window.content else { return nil }
        if !isBurst, let lastPrediction, window.interval.end - lastPrediction.end <= VoiceTracker.hop,
            tracker.score(of: gains, prediction: lastPrediction.value) < Self.calmScore
        {
            return lastPrediction.value
        }
        let end = sound.index(of: window.interval.end)
        guard let samples = sound.slice(from: end - VoiceEmotionModel.windowLength, to: end) else { return nil }
        let prediction = try model.predict(frontEnd.spectrogram(of: samples))
        lastPrediction = (window.interval.end, prediction)
        return prediction
    }
}
