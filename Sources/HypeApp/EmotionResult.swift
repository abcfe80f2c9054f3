package import Foundation
package import HypeCore

/// The emotion of one subject, as `predict --json` and `POST /predict` give it.
///
/// Emotions are the seven basic ones: the voice's `calm` counts as `neutral`. Scores are probabilities in 0…1 that sum
/// to 1. Below the threshold of the models, or without a face or a voice, the result abstains. `docs/predict.md` explains
/// every field.
package struct EmotionResult: Sendable {
    /// The file, as it was named.
    package var file: String
    /// What kind of media it is: `picture`, `sound` or `video`; nil where it could not be read.
    package var kind: String?
    /// Length in seconds; 0 for a single picture.
    package var duration = 0.0
    /// What face and voice say together over all of it; nil where nothing could be judged.
    package var answer: Answer?
    /// The faces by clip, the one that matters most first.
    package var faces: [Face] = []
    /// The faces over the whole video, the one that matters most first.
    package var tracks: [Track] = []
    /// The voice.
    package var voice: Voice?
    /// How face and voice were joined, `late` or `early`; nil where there were not both.
    package var fusion: String?
    /// The clips of two seconds.
    package var clips: [Clip] = []
    /// What a video model says about the clips; nil where none was asked.
    package var video: Video?
    /// Attention and drowsiness of the largest face; nil where they were not asked for.
    package var attention: Attention?
    /// The models that were asked.
    package var models: [Model] = []
    /// Where the time went, in milliseconds.
    package var timing = Timing()
    /// Why there is no face or no voice, for a person, by `face` and `voice`.
    package var missing: [String: String] = [:]
    /// What was not done by the deadline, for a person; empty where all was.
    package var unfinished: [String] = []
    /// What a person should know.
    package var notes: [String] = []
    /// The pictures that the nets saw, where they were asked for.
    package var explanation: [Evidence] = []
    /// Why the file could not be read; nil where it could.
    package var error: String?

    /// Probabilities of the seven emotions; nil where nothing could be judged.
    package var emotion: EmotionScores? { answer?.emotion }
    /// The likeliest emotion, whether or not it is likely enough.
    package var dominant: Emotion? { answer?.dominant }
    /// Probability of ``dominant``, 0…1.
    package var confidence: Double { answer?.confidence ?? 0 }
    /// Confidence below which the result abstains, 0…1; nil where nothing could be judged.
    package var threshold: Double? { answer?.threshold }
    /// Whether the confidence is too low to count as an answer.
    package var isAbstained: Bool { answer?.isAbstained ?? true }
    /// Why there is no emotion, for a person; nil where there is one.
    package var reason: String? {
        guard answer == nil, error == nil else { return nil }
        // That a picture makes no sound is no news, nor that sound has no face.
        let branches = kind == "picture" ? ["face"] : kind == "sound" ? ["voice"] : ["face", "voice"]
        let reasons = branches.compactMap { missing[$0] } + unfinished
        return reasons.isEmpty ? "nothing could be judged" : reasons.joined(separator: "; ")
    }

    /// Creates the result of a file about which nothing is known yet.
    package init(file: String) {
        self.file = file
    }

    /// A judgement of a stretch: its scores, and whether they are sure enough.
    package struct Answer: Sendable {
        /// Probabilities of the seven emotions.
        package var emotion: EmotionScores
        /// Confidence below which it abstains, 0…1.
        package var threshold: Double
        /// How much the face counted, 0…1; the voice counted for the rest.
        package var faceShare: Double

        /// The likeliest emotion.
        package var dominant: Emotion { emotion.dominant }
        /// Probability of ``dominant``, 0…1.
        package var confidence: Double { Double(emotion[emotion.dominant]) }
        /// Whether the confidence is too low to count as an answer.
        package var isAbstained: Bool { confidence < threshold }
        /// How much face and voice counted, by `face` and `voice`.
        package var shares: [String: Double] { ["face": faceShare, "voice": 1 - faceShare] }
    }

    /// One face in a picture or in a clip.
    package struct Face: Sendable {
        /// Probabilities of the seven emotions, over the clip.
        package var emotion: EmotionScores
        /// Where it is in the picture at ``time``.
        package var region: PixelRegion
        /// How sure the detector is that it is a face, 0…1; 1 where the picture was said to be a face.
        package var faceConfidence: Double
        /// Number of the face, from 1; the same in all clips.
        package var track: Int
        /// Seconds of the picture in which the face is seen best; 0 for a single picture.
        package var time: Double
    }

    /// What a video model says.
    package struct Video: Sendable, Encodable {
        /// A class and how probable it is, 0…1.
        package struct Answer: Sendable, Encodable {
            /// Name of the class.
            package var label: String
            /// Its probability, 0…1.
            package var probability: Double
        }

        /// One clip.
        package struct Clip: Sendable {
            /// Seconds at which it begins.
            package var start: Double
            /// Seconds at which it ends.
            package var end: Double
            /// The likeliest classes, the likeliest first.
            package var top: [Answer]
            /// Probabilities of the seven emotions; nil for a model whose classes are actions.
            package var emotion: EmotionScores?
            /// Whether the likeliest is too unlikely to count as an answer.
            package var isAbstained: Bool
        }

        /// Name of the model.
        package var model: String
        /// The clips in order of time.
        package var clips: [Clip]
    }

    /// Attention and drowsiness of one face.
    package struct Attention: Sendable, Encodable {
        /// Pictures that were looked at, sixteen per second.
        package var pictures: Int
        /// Pictures in which the face was seen.
        package var seen: Int
        /// What is known at the end; nil where there was no picture.
        package var summary: AttentionSummary?
        /// Beginnings and ends of alerts, in order of time.
        package var alerts: [AttentionAlert]
        /// The gauges, once per second.
        package var samples: [AttentionSummary]
    }

    /// One face over a whole video.
    package struct Track: Sendable {
        /// Number of the face, from 1.
        package var track: Int
        /// Seconds of the first picture that shows it.
        package var start: Double
        /// Seconds of the end of the last picture that shows it.
        package var end: Double
        /// Pictures in which it was read.
        package var pictures: Int
        /// Probabilities of the seven emotions, over all of them.
        package var emotion: EmotionScores
        /// Each reading; nil unless they were asked for.
        package var readings: [Face]?
    }

    /// The voice.
    package struct Voice: Sendable {
        /// Probabilities of the seven emotions.
        package var emotion: EmotionScores
        /// Mean arousal, 0 (asleep) … 1 (screaming).
        package var arousal: Double
        /// Seconds of speech.
        package var speechSeconds: Double
    }

    /// One clip, in seconds of the file.
    package struct Clip: Sendable {
        /// Where the clip begins.
        package var start: Double
        /// Where the clip ends.
        package var end: Double
        /// What face and voice say together; nil where there is neither.
        package var answer: Answer?
        /// The face that the answer is about; nil where none is in the clip.
        package var face: Face?
        /// The voice; nil where nobody speaks in the clip.
        package var voice: Voice?
    }

    /// A picture that a net saw.
    package struct Evidence: Sendable {
        /// `face` or `spectrogram`.
        package var kind: String
        /// Number of the face; nil for a voice.
        package var track: Int?
        /// Seconds at which the face is on screen, or the spectrogram begins.
        package var time: Double
        /// A PNG file.
        package var png: Data
        /// Where the picture was written; nil where it stands in the document itself.
        package var path: String?
    }

    /// A model that was asked.
    package struct Model: Sendable, Codable {
        /// Name, such as `face-expression`.
        package var name: String
        /// Version of the weights.
        package var version: String
        /// SHA-256 of the model file, 64 hexadecimal digits.
        package var sha256: String
    }

    /// Wall-clock milliseconds; the parts run side by side, so that they may add up to more than the total.
    package struct Timing: Sendable, Encodable {
        /// Opening and decoding the files.
        package var decode = 0.0
        /// Finding faces and reading them.
        package var face = 0.0
        /// Finding speech and reading it.
        package var voice = 0.0
        /// Joining the two.
        package var fusion = 0.0
        /// From opening to answering.
        package var total = 0.0
    }
}
