package import HypeCore

/// Two seconds of sound and what is known about the voice in them before the emotion model is asked.
package struct VoiceWindow: Hashable, Sendable {
    /// What there is to judge.
    package enum Content: Hashable, Sendable {
        /// The microphone has been dead for too long to call it quiet.
        case dead
        /// Nobody speaks.
        case quiet
        /// Somebody speaks, or screams without words (`isBurst`).
        case voice(VoiceMeasure, VoiceGains, isBurst: Bool)
    }

    /// Where the window lies.
    package var interval: MediaInterval
    /// Level of the whole window in dBFS.
    package var level: Double
    /// Part of the window that is speech, 0…1.
    package var speechFraction: Double
    /// Seconds of speech in the newest hop, which the baseline has not learned from yet.
    package var newSpeechSeconds: Double
    /// What there is to judge.
    package var content: Content

    /// Creates a window.
    package init(
        interval: MediaInterval,
        level: Double,
        speechFraction: Double,
        newSpeechSeconds: Double,
        content: Content
    ) {
        self.interval = interval
        self.level = level
        self.speechFraction = speechFraction
        self.newSpeechSeconds = newSpeechSeconds
        self.content = content
    }
}
