/// What a detector saw, in the terms of its kind.
package enum Evidence: Hashable, Sendable, Codable {
    case chat(ChatEvidence)
    case voice(VoiceEvidence)
    case face(FaceEvidence)
}

/// What the chat looked like.
package struct ChatEvidence: Hashable, Sendable, Codable {
    /// Messages per second in the detector's window.
    package var messagesPerSecond: Double
    /// Distinct users in the window.
    package var uniqueUsers: Int
    /// Distinct users that the window would hold on an ordinary stretch of this chat.
    package var baseline: Double
    /// Estimated media time at which the chat began to rise, before correction for chat lag; nil while it is calm.
    package var onset: MediaTime?
    /// The texts said most often in the window, most frequent first.
    package var topMessages: [RepeatedText]
    /// Why a rise was not counted (raid, gifts, one user's flood), or nil.
    package var suppressed: String?

    /// Creates chat evidence.
    package init(
        messagesPerSecond: Double,
        uniqueUsers: Int,
        baseline: Double,
        onset: MediaTime? = nil,
        topMessages: [RepeatedText] = [],
        suppressed: String? = nil
    ) {
        self.messagesPerSecond = messagesPerSecond
        self.uniqueUsers = uniqueUsers
        self.baseline = baseline
        self.onset = onset
        self.topMessages = topMessages
        self.suppressed = suppressed
    }
}

/// A text and how often it was said.
package struct RepeatedText: Hashable, Sendable, Codable {
    /// The text as it was first written, cut to a displayable length; spellings that fold to the same are counted together.
    package var text: String
    /// How many messages said it.
    package var count: Int

    /// Creates a counted text.
    package init(text: String, count: Int) {
        self.text = text
        self.count = count
    }
}

/// What the voice sounded like.
package struct VoiceEvidence: Hashable, Sendable, Codable {
    /// The model's probabilities for the window, or nil where nobody spoke.
    package var emotion: EmotionScores?
    /// Arousal of the voice, 0 (asleep) … 1 (screaming).
    package var arousal: Double
    /// Loudness of the window in dB relative to full scale (RMS), at most 0.
    package var loudness: Double
    /// Loudness above the speaker's running baseline, in dB.
    package var loudnessGain: Double
    /// Median pitch of the voiced frames in Hz, or nil where none were voiced.
    package var pitch: Double?
    /// Pitch above the speaker's running baseline, in semitones, or nil as for ``pitch``.
    package var pitchGain: Double?
    /// Part of the window that is speech, 0…1.
    package var speechFraction: Double
    /// Sounds that tell of a moment, the surest first; nil where none were heard or nothing listens for them.
    package var sounds: [HeardSound]?

    /// Creates voice evidence.
    package init(
        emotion: EmotionScores? = nil,
        arousal: Double,
        loudness: Double,
        loudnessGain: Double,
        pitch: Double? = nil,
        pitchGain: Double? = nil,
        speechFraction: Double,
        sounds: [HeardSound]? = nil
    ) {
        self.emotion = emotion
        self.arousal = arousal
        self.loudness = loudness
        self.loudnessGain = loudnessGain
        self.pitch = pitch
        self.pitchGain = pitchGain
        self.speechFraction = speechFraction
        self.sounds = sounds
    }
}

/// A sound that is not speech and tells of a moment.
package struct HeardSound: Hashable, Sendable, Codable {
    /// What made it.
    package enum Kind: String, CaseIterable, Sendable, Codable {
        /// Somebody laughs.
        case laughter
        /// Somebody screams, shouts, yells or whoops.
        case scream
        /// People cheer.
        case cheering
        /// People clap.
        case applause
    }

    /// What made it.
    package var kind: Kind
    /// How sure the model is, 0…1.
    package var score: Double
    /// When it was heard, to half a second.
    package var time: MediaTime

    /// Creates a sound.
    package init(kind: Kind, score: Double, time: MediaTime) {
        self.kind = kind
        self.score = score
        self.time = time
    }
}

/// What the face showed.
package struct FaceEvidence: Hashable, Sendable, Codable {
    /// The model's probabilities, smoothed over the stretch.
    package var emotion: EmotionScores
    /// Where the face is in the picture.
    package var region: PixelRegion
    /// How sure the detector is that it is a face, 0…1.
    package var faceConfidence: Double
    /// Number of the track within the recording's stretch.
    package var track: Int

    /// Creates face evidence.
    package init(emotion: EmotionScores, region: PixelRegion, faceConfidence: Double, track: Int) {
        self.emotion = emotion
        self.region = region
        self.faceConfidence = faceConfidence
        self.track = track
    }
}
