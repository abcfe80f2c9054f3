package import HypeCore

/// What one picture says about the attention of one face.
///
/// Raw measures of the moment; what is usual for the person, and how long something lasts, is ``AttentionTracker``'s.
package struct AttentionReading: Hashable, Sendable {
    /// What could be seen.
    package enum Sight: Hashable, Sendable {
        /// A face.
        case face(FaceMeasures)
        /// A lit picture without the face.
        case noFace
        /// Nothing that could be judged: neither a face nor the absence of one.
        case unseen(Blindness)
    }

    /// Presentation time of the picture.
    package var time: MediaTime
    /// What could be seen.
    package var sight: Sight

    /// Creates a reading.
    package init(time: MediaTime, sight: Sight) {
        self.time = time
        self.sight = sight
    }

    /// The measures of the face, where one was seen.
    package var face: FaceMeasures? {
        if case .face(let measures) = sight { measures } else { nil }
    }
}

/// Why a picture, or the lack of one, says nothing.
package enum Blindness: String, Hashable, Sendable, Codable {
    /// Covered lens or no light.
    case dark
    /// One flat colour: a shutter or a place-holder.
    case flat
    /// No picture.
    case noPicture
}

/// The measures of one face in one picture.
package struct FaceMeasures: Hashable, Sendable {
    /// The face in pixels of the source picture.
    package var box: FaceBox
    /// How sure the landmark net is of the face, 0.5…1.
    package var presence: Float
    /// Where the head points.
    package var pose: HeadPose
    /// Aspect ratio of the person's right eye, 0 to about 0.5; nil where it cannot be judged.
    package var rightEye: Float?
    /// Aspect ratio of the person's left eye, 0 to about 0.5; nil where it cannot be judged.
    package var leftEye: Float?
    /// Aspect ratio of the mouth, 0 to about 1.5; nil where it cannot be judged.
    package var mouth: Float?
    /// Where the eyes look; nil where no eye can be judged.
    package var gaze: Gaze?

    /// Creates measures.
    package init(
        box: FaceBox,
        presence: Float,
        pose: HeadPose,
        rightEye: Float?,
        leftEye: Float?,
        mouth: Float?,
        gaze: Gaze?
    ) {
        self.box = box
        self.presence = presence
        self.pose = pose
        self.rightEye = rightEye
        self.leftEye = leftEye
        self.mouth = mouth
        self.gaze = gaze
    }

    /// Aspect ratio of an eye, or nil.
    package subscript(_ eye: Eye) -> Float? { eye == .right ? rightEye : leftEye }
}
