package import Foundation
package import HypeCore

/// What a subject expresses.
package struct EmotionReading: Hashable, Sendable, Codable {
    /// What kind of media it is.
    package enum Kind: String, Hashable, Sendable, Codable {
        /// A single picture, perhaps with sound beside it.
        case picture
        /// Sound alone.
        case sound
        /// Moving pictures, with or without sound.
        case video
    }

    /// What kind of media it is.
    package var kind: Kind
    /// How long it is; zero for a single picture.
    package var duration: Duration
    /// What face and voice say together; nil where there is neither.
    package var emotion: JoinedReading?
    /// The faces by clip, the one that matters most first, and each in order of time; those of a picture once.
    package var faces: [FaceReading] = []
    /// The faces over the whole video, the one that matters most first; empty for a picture.
    package var tracks: [TrackReading] = []
    /// What the voice expresses over all of its speech; nil where nobody speaks.
    package var voice: VoiceReading?
    /// The clips of two seconds in order of time; empty for a picture.
    package var clips: [ClipReading] = []
    /// What a video model says; nil where none was asked, or there are no moving pictures.
    package var video: VideoReading?
    /// How attentive the largest face is; nil where it is not wanted, or there are no moving pictures.
    package var attention: AttentionCourse?
    /// Why there is no face, for a person; nil where there is one, or none is wanted.
    package var missingFace: String?
    /// Why there is no voice, for a person; nil where there is one, or none is wanted.
    package var missingVoice: String?
    /// Names of the nets that were asked, in order.
    package var models: [String] = []
    /// What was not done by the deadline, for a person; empty where all was.
    package var unfinished: [String] = []
    /// What a person should know.
    package var notes: [String] = []
    /// The pictures that the nets saw, where they are wanted.
    package var evidence: [EvidencePicture] = []

    /// Probabilities of the face that matters most, over all of it; nil where there is none.
    package var faceScores: EmotionScores? { tracks.first?.emotion ?? faces.first?.emotion }

    /// Creates a reading of nothing so far.
    package init(kind: Kind, duration: Duration) {
        self.kind = kind
        self.duration = duration
    }
}

/// What face and voice say together.
package struct JoinedReading: Hashable, Sendable, Codable {
    /// Calibrated probabilities of the seven basic emotions.
    package var scores: EmotionScores
    /// Confidence below which the answer abstains, 0…1.
    package var threshold: Double
    /// How much the face counted, 0…1; the voice counted for the rest.
    package var faceShare: Double

    /// Creates a reading.
    package init(scores: EmotionScores, threshold: Double, faceShare: Double) {
        self.scores = scores
        self.threshold = threshold
        self.faceShare = faceShare
    }
}

/// The expression of one face in a picture or a clip.
package struct FaceReading: Hashable, Sendable, Codable {
    /// Number of the face, from 1; the same in all clips.
    package var track: Int
    /// When the picture that ``region`` is about is on screen; zero for a picture.
    package var time: MediaTime
    /// Calibrated probabilities of the seven basic emotions, over the clip.
    package var emotion: EmotionScores
    /// Where the face is, in pixels of the upright picture.
    package var region: PixelRegion
    /// How sure the detector is that it is a face, 0…1; nil where none was asked.
    package var confidence: Double?

    /// Creates a reading.
    package init(track: Int, time: MediaTime, emotion: EmotionScores, region: PixelRegion, confidence: Double?) {
        self.track = track
        self.time = time
        self.emotion = emotion
        self.region = region
        self.confidence = confidence
    }
}

/// One face over a whole video.
package struct TrackReading: Hashable, Sendable, Codable {
    /// Number of the face, from 1.
    package var track: Int
    /// From the first to the last picture that shows it.
    package var interval: MediaInterval
    /// Pictures in which it was read.
    package var pictures: Int
    /// Calibrated probabilities of the seven basic emotions, over all of them.
    package var emotion: EmotionScores
    /// Each reading, in order of time; empty unless they are wanted.
    package var readings: [FaceReading]

    /// Creates a track.
    package init(
        track: Int,
        interval: MediaInterval,
        pictures: Int,
        emotion: EmotionScores,
        readings: [FaceReading] = []
    ) {
        self.track = track
        self.interval = interval
        self.pictures = pictures
        self.emotion = emotion
        self.readings = readings
    }
}

/// The emotion of a voice over a whole recording or a clip.
package struct VoiceReading: Hashable, Sendable, Codable {
    /// Calibrated probabilities of the eight emotions.
    package var emotion: EmotionScores
    /// Mean arousal, 0 (asleep) … 1 (screaming).
    package var arousal: Double
    /// How much of it is speech.
    package var speech: Duration

    /// Creates a reading.
    package init(emotion: EmotionScores, arousal: Double, speech: Duration) {
        self.emotion = emotion
        self.arousal = arousal
        self.speech = speech
    }
}

/// What one clip shows.
package struct ClipReading: Hashable, Sendable, Codable {
    /// Where the clip lies.
    package var interval: MediaInterval
    /// What face and voice say together; nil where there is neither.
    package var emotion: JoinedReading?
    /// The face that ``emotion`` is about; nil where none is in the clip.
    package var face: FaceReading?
    /// The voice; nil where nobody speaks in the clip.
    package var voice: VoiceReading?

    /// Creates a reading.
    package init(interval: MediaInterval, emotion: JoinedReading?, face: FaceReading?, voice: VoiceReading?) {
        self.interval = interval
        self.emotion = emotion
        self.face = face
        self.voice = voice
    }
}

/// A picture that a net saw.
package struct EvidencePicture: Hashable, Sendable, Codable {
    /// What it shows.
    package enum Kind: String, Hashable, Sendable, Codable {
        /// A face as the net saw it: 48×48, grey.
        case face
        /// The mel spectrogram of a voice.
        case spectrogram
    }

    /// What it shows.
    package var kind: Kind
    /// Number of the face; nil for a voice.
    package var track: Int?
    /// When the face is on screen, or the spectrogram begins.
    package var time: MediaTime
    /// A PNG file.
    package var png: Data

    /// Creates a picture.
    package init(kind: Kind, track: Int?, time: MediaTime, png: Data) {
        self.kind = kind
        self.track = track
        self.time = time
        self.png = png
    }
}
