package import HypeCore

/// One face in one picture of a video, and what it shows.
package struct FaceLook: Hashable, Sendable {
    /// Number of the face, from 1; the same in all pictures.
    package var track: Int
    /// Presentation time of the picture.
    package var time: MediaTime
    /// The stretch that the picture stands for.
    package var shown: MediaInterval
    /// Where the face is, in pixels of the upright source picture.
    package var box: FaceBox
    /// How sure the detector is that it is a face, 0…1.
    package var confidence: Float
    /// Calibrated probabilities of the seven basic emotions.
    package var emotion: EmotionScores
    /// What the net told it from; empty where it does not say.
    package var embedding: [Float] = []
    /// What the net saw: grey 0…255, shape `[48, 48]`, row-major.
    package var cut: [Float]

    /// Creates a look.
    package init(
        track: Int,
        time: MediaTime,
        shown: MediaInterval,
        box: FaceBox,
        confidence: Float,
        emotion: EmotionScores,
        cut: [Float]
    ) {
        self.track = track
        self.time = time
        self.shown = shown
        self.box = box
        self.confidence = confidence
        self.emotion = emotion
        self.cut = cut
    }
}
