/// How voice is observed.
package struct VoiceSettings: Hashable, Sendable {
    /// When probabilities count as speech.
    package var speech: SpeechSettings
    /// Part of the window that must be speech for the window to be judged, 0…1.
    package var minimumSpeechFraction: Double
    /// Sound of at most this level counts as none, in dBFS.
    package var silenceLevel: Double
    /// Silence after which the microphone counts as dead.
    package var longestSilence: Duration

    /// Creates settings.
    package init(
        speech: SpeechSettings = SpeechSettings(),
        minimumSpeechFraction: Double = 0.2,
        silenceLevel: Double = -75,
        longestSilence: Duration = .seconds(30)
    ) {
        self.speech = speech
        self.minimumSpeechFraction = minimumSpeechFraction
        self.silenceLevel = silenceLevel
        self.longestSilence = longestSilence
    }
}
