package import HypeCore

/// When a run of speech probabilities counts as speech.
package struct SpeechSettings: Hashable, Sendable {
    /// Probability from which speech begins, 0…1.
    package var open: Float
    /// Probability below which a pause begins, 0…1, at most ``open``.
    package var close: Float
    /// Shorter speech is dropped.
    package var minimumSpeech: Duration
    /// Shorter pauses are bridged.
    package var minimumSilence: Duration

    /// Creates settings; the defaults are those of Silero's `get_speech_timestamps`.
    package init(
        open: Float = 0.5,
        close: Float = 0.35,
        minimumSpeech: Duration = .milliseconds(250),
        minimumSilence: Duration = .milliseconds(100)
    ) {
        self.open = open
        self.close = close
        self.minimumSpeech = minimumSpeech
        self.minimumSilence = minimumSilence
    }
}

/// Joins speech probabilities to intervals of speech, with hysteresis.
///
/// The state machine of `get_speech_timestamps` in silero-vad 6.2.3, without its padding and its limit on the length of
/// an interval.
package struct SpeechSegmenter: Sendable {
    private let settings: SpeechSettings
    private var speechStart: MediaTime?
    private var pauseStart: MediaTime?
    private var lastEnd: MediaTime?

    /// Creates a segmenter that has heard nothing.
    package init(settings: SpeechSettings = SpeechSettings()) {
        self.settings = settings
    }

    /// Whether somebody was speaking in the last chunk, or paused for less than a pause.
    package var isSpeech: Bool { speechStart != nil && pauseStart == nil }

    /// The interval that is still going on, up to the last chunk.
    package var openInterval: MediaInterval? {
        guard let speechStart, let lastEnd else { return nil }
        return MediaInterval(start: speechStart, end: pauseStart ?? lastEnd)
    }

    /// Takes the next chunk.
    ///
    /// - Parameters:
    ///   - probability: Probability that it is speech, 0…1.
    ///   - interval: Where the chunk lies.
    /// - Returns: The speech that ended a pause ago, if it was long enough.
    package mutating func push(probability: Float, interval: MediaInterval) -> MediaInterval? {
        lastEnd = interval.end
        guard let start = speechStart else {
            if probability >= settings.open { speechStart = interval.start }
            return nil
        }
        if probability >= settings.open {
            pauseStart = nil
            return nil
        }
        guard probability < settings.close else { return nil }
        let pause = pauseStart ?? interval.start
        pauseStart = pause
        guard interval.start - pause >= settings.minimumSilence else { return nil }
        speechStart = nil
        pauseStart = nil
        return accepted(MediaInterval(start: start, end: pause))
    }

    /// Ends the sound, as at its end or at a break.
    ///
    /// - Returns: The speech that was going on, if it was long enough.
    package mutating func finish() -> MediaInterval? {
        defer {
            speechStart = nil
            pauseStart = nil
            lastEnd = nil
        }
        guard let speechStart, let lastEnd else { return nil }
        return accepted(MediaInterval(start: speechStart, end: lastEnd))
    }

    private func accepted(_ interval: MediaInterval) -> MediaInterval? {
        interval.duration > settings.minimumSpeech ? interval : nil
    }
}
