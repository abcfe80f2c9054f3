package import HypeCore

/// Measures eyes, mouth, head and gaze of one face, picture by picture.
///
/// Follows the face from picture to picture by its own points; the detector is asked only where there are none or the
/// landmark net no longer sees a face. One analyzer follows one face. Use from one thread at a time.
package final class AttentionAnalyzer {
    /// Tunables of the measuring.
    package struct Settings: Hashable, Sendable {
        /// Presence from which a face counts, 0…1; MediaPipe's own.
        package var minimumPresence: Float = 0.5
        /// Turn of the head in degrees from which the eye on the far side is not judged, 0…90.
        package var farEyeYaw: Float = 30
        /// Turn of the head in degrees from which neither eye is judged, 0…90.
        package var eyeYaw: Float = 50
        /// Nod of the head in degrees, up or down, from which neither eye is judged, 0…90.
        package var eyePitch: Float = 35
        /// Turn of the head in degrees from which the mouth is not judged, 0…90.
        package var mouthYaw: Float = 50
        /// Distance of an eye's corners in pixels below which it is not judged.
        package var minimumEyeWidth: Float = 8
        /// Aspect ratio of an eye below which its iris is hidden too far to say where it looks, 0…1.
        package var minimumGazeRatio: Float = 0.13

        /// Creates the default settings.
        package init() {}
    }

    /// Longest side in pixels that a picture is worth being decoded at.
    ///
    /// A face of a third of this fills the landmark net's 192 pixels and an eye more than half of the iris net's 64.
    package static let usefulSide = 640

    private let settings: Settings
    private let detector: FaceDetector
    private let landmarks: LandmarkModel
    private let iris: IrisModel
    /// The points in the picture before, in pixels of the source picture.
    private var last: FaceMesh?

    /// Number of times the detector was asked.
    package private(set) var detections = 0

    /// Creates an analyzer with memory of its own.
    ///
    /// - Parameters:
    ///   - models: The nets.
    ///   - settings: Tunables.
    /// - Throws: ``EmotionError`` where a model file holds another model.
    package init(models: AttentionModels, settings: Settings = Settings()) throws {
        self.settings = settings
        detector = try models.makeDetector()
        landmarks = try models.makeLandmarkModel()
        iris = try models.makeIrisModel()
    }

    /// Reads the followed face, or the largest one where none is followed.
    ///
    /// - Parameter frame: The next picture.
    /// - Returns: The measures, or why there are none.
    /// - Throws: `InferenceError` where a model fails to run.
    package func read(_ frame: VideoFrame) throws -> AttentionReading {
        try read(frame) { [self] in
            detections += 1
            let faces = try detector.detect(in: frame.image)
            guard let face = faces.max(by: { $0.box.side < $1.box.side }) else { return nil }
            return try landmarks.mesh(of: face, in: frame.image)
        }
    }

    /// Reads a face that somebody else follows.
    ///
    /// - Parameters:
    ///   - frame: The next picture.
    ///   - face: Where the face is, forehead to chin, in pixels of the source picture; nil where it was not found.
    /// - Returns: The measures, or why there are none.
    /// - Throws: `InferenceError` where a model fails to run.
    package func read(_ frame: VideoFrame, face: FaceBox?) throws -> AttentionReading {
        if let last, let face, last.box.overlap(with: face) < Self.sameFace { self.last = nil }
        if face == nil { last = nil }
        return try read(frame) { [self] in
            guard let face else { return nil }
            // The box does not say how the head leans; a first look does.
            let upright = try landmarks.mesh(of: frame.box(of: face), in: frame.image)
            guard upright.presence >= settings.minimumPresence else { return nil }
            return try landmarks.mesh(after: upright, in: frame.image)
        }
    }

    private func read(_ frame: VideoFrame, find: () throws -> FaceMesh?) throws -> AttentionReading {
        guard frame.image.width > 0, frame.image.height > 0 else {
            return AttentionReading(time: frame.time, sight: .unseen(.noPicture))
        }
        switch PictureLight(of: frame.image) {
        case .dark: return unseen(frame, .dark)
        case .flat: return unseen(frame, .flat)
        case .lit: break
        }
        guard let mesh = try follow(in: frame) ?? find(), mesh.presence >= settings.minimumPresence else {
            last = nil
            return AttentionReading(time: frame.time, sight: .noFace)
        }
        last = mesh.moved { frame.source(of: $0) }
        return AttentionReading(time: frame.time, sight: .face(try measures(of: mesh, in: frame)))
    }

    private func unseen(_ frame: VideoFrame, _ reason: Blindness) -> AttentionReading {
        last = nil
        return AttentionReading(time: frame.time, sight: .unseen(reason))
    }

    /// The face where the picture before had it; nil where there was none or it is gone.
    private func follow(in frame: VideoFrame) throws -> FaceMesh? {
        guard let last else { return nil }
        let mesh = try landmarks.mesh(after: last.moved { frame.point(of: $0) }, in: frame.image)
        return mesh.presence >= settings.minimumPresence ? mesh : nil
    }

    private func measures(of mesh: FaceMesh, in frame: VideoFrame) throws -> FaceMeasures {
        let rotation = HeadRotation(of: mesh)
        let pose = HeadPose(rotation: rotation)
        var ratios: [Eye: Float] = [:]
        var looking: [EyePoints] = []
        for eye in Eye.allCases where canJudge(eye, mesh: mesh, pose: pose) {
            let points = try iris.points(of: eye, mesh: mesh, in: frame.image)
            guard let ratio = FaceRatios.eye(points, forward: rotation.forward) else { continue }
            ratios[eye] = ratio
            if ratio >= settings.minimumGazeRatio { looking.append(points) }
        }
        return FaceMeasures(
            box: frame.source(of: mesh.box),
            presence: mesh.presence,
            pose: pose,
            rightEye: ratios[.right],
            leftEye: ratios[.left],
            mouth: abs(pose.yaw) < settings.mouthYaw ? FaceRatios.mouth(mesh, forward: rotation.forward) : nil,
            gaze: Gaze(of: looking, forward: rotation.forward)
        )
    }

    private func canJudge(_ eye: Eye, mesh: FaceMesh, pose: HeadPose) -> Bool {
        let span = mesh[eye.outer] - mesh[eye.inner]
        guard
            (span * span).sum() >= settings.minimumEyeWidth * settings.minimumEyeWidth,
            abs(pose.yaw) < settings.eyeYaw, abs(pose.pitch) < settings.eyePitch
        else { return false }
        return eye == .left ? pose.yaw < settings.farEyeYaw : pose.yaw > -settings.farEyeYaw
    }

    /// Overlap from which a given box is that of the followed face.
    private static let sameFace: Float = 0.2
}

extension FaceMesh {
    /// The same face with its points elsewhere; depths are not used and stay.
    fileprivate func moved(_ move: (SIMD2<Float>) -> SIMD2<Float>) -> FaceMesh {
        FaceMesh(
            points: points.map { point in
                let place = move(SIMD2(point.x, point.y))
                return SIMD3(place.x, place.y, point.z)
            },
            presence: presence
        )
    }
}
