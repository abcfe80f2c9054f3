/// A face that the detector found in one picture.
package struct FaceDetection: Hashable, Sendable {
    /// Where the face is: forehead to chin, without hair.
    package var box: FaceBox
    /// The six points of BlazeFace in picture coordinates, in ``FaceKeypoint`` order.
    package var keypoints: [SIMD2<Float>]
    /// How sure the detector is, 0…1.
    package var confidence: Float

    /// Creates a detection.
    ///
    /// - Precondition: `keypoints` holds one point per ``FaceKeypoint``.
    package init(box: FaceBox, keypoints: [SIMD2<Float>], confidence: Float) {
        precondition(keypoints.count == FaceKeypoint.allCases.count, "BlazeFace finds six points per face")
        self.box = box
        self.keypoints = keypoints
        self.confidence = confidence
    }

    /// One of the six points.
    package subscript(_ keypoint: FaceKeypoint) -> SIMD2<Float> { keypoints[keypoint.rawValue] }

    /// Distance between the eyes in pixels.
    package var eyeDistance: Float {
        let span = self[.leftEye] - self[.rightEye]
        return (span * span).sum().squareRoot()
    }
}

/// The points that BlazeFace finds in a face, in its output order; left and right are the person's own.
package enum FaceKeypoint: Int, CaseIterable, Sendable {
    case rightEye, leftEye, nose, mouth, rightEar, leftEar
}
