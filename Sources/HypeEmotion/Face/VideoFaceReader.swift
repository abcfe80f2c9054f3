package import HypeCore

/// Finds the faces of a video, follows them, and reads their expression, picture by picture.
///
/// The whole picture is searched every two seconds and where a face was lost; between that each known face is looked for
/// around its place only. Use from one thread at a time, for one video.
package final class VideoFaceReader {
    /// Tunables.
    package struct Settings: Hashable, Sendable {
        /// Time between two searches of the whole picture while all faces are followed.
        package var rescan = Duration.seconds(2)
        /// Shortest time between two searches of the whole picture while none is found or one was lost.
        package var retry = Duration.milliseconds(500)
        /// Time for which a face may be away and still be the same one when it is back.
        package var absence = Duration.seconds(2)
        /// Faces that are followed at the same time, the largest; a crowd is not worth minutes.
        package var faceLimit = 8

        /// Creates the default settings.
        package init() {}
    }

    /// What was seen so far; looks that wait for the net are missing until ``finish()``.
    package private(set) var timeline: FaceTimeline

    private let settings: Settings
    private let search: FaceSearch
    private let expression: ExpressionModel
    private var tracker: FaceTracker
    private var scene = SceneCut()
    private var lastScan: MediaTime?
    private var waiting: [FaceLook] = []

    /// Creates a reader with memory of its own.
    ///
    /// - Parameters:
    ///   - models: The nets.
    ///   - timeline: Where to put what is seen.
    ///   - step: Time between two pictures.
    ///   - settings: Tunables.
    /// - Throws: ``EmotionError`` where a model file holds another model.
    package init(
        models: FaceModels,
        timeline: FaceTimeline,
        step: Duration,
        settings: Settings = Settings()
    ) throws {
        self.timeline = timeline
        self.settings = settings
        search = try FaceSearch(models: models)
        expression = try models.makeExpressionModel()
        var tracking = FaceTracker.Settings()
        tracking.reach = 0.8
        tracking.maximumMisses = Int(settings.absence / max(.milliseconds(1), step))
        tracker = FaceTracker(settings: tracking)
    }

    /// Looks at the next picture.
    ///
    /// - Parameters:
    ///   - frame: The picture.
    ///   - shown: The stretch that it stands for.
    /// - Throws: `InferenceError` where a model fails to run.
    package func look(at frame: VideoFrame, shown: MediaInterval) throws {
        if scene.begins(frame.image) {
            tracker.endAll()
            lastScan = nil
        }
        let light = PictureLight(of: frame.image)
        guard light == .lit else {
            tracker.update([])
            timeline.sawPicture(light)
            return
        }
        let faces = try detections(in: frame)
        let readable = faces.filter { Self.showsEyes($0, in: frame.image) }
        timeline.sawPicture(light, hasCutOffFace: readable.count < faces.count)
        for track in tracker.update(readable.map { Self.inSource($0, frame) }) {
            let face = track.face
            let eyes = (frame.point(of: face[.rightEye]), frame.point(of: face[.leftEye]))
            guard let cut = FaceAligner.align(frame.image, rightEye: eyes.0, leftEye: eyes.1) else { continue }
            waiting.append(
                FaceLook(
                    track: track.id,
                    time: frame.time,
                    shown: shown,
                    box: face.box,
                    confidence: face.confidence,
                    emotion: EmotionScores([:]),
                    cut: cut
                )
            )
        }
        let full = waiting.count / FaceModels.expressionBatch * FaceModels.expressionBatch
        try read(full)
    }

    /// Reads what still waits.
    ///
    /// - Throws: `InferenceError` where a model fails to run.
    package func finish() throws { try read(waiting.count) }

    private func read(_ count: Int) throws {
        guard count > 0 else { return }
        let ready = waiting.prefix(count)
        for (look, reading) in zip(ready, try expression.readings(of: ready.map(\.cut))) {
            var look = look
            look.emotion = reading.scores
            look.embedding = reading.embedding
            timeline.add(look)
        }
        waiting.removeFirst(count)
    }

    /// The faces of a picture, in its own coordinates.
    private func detections(in frame: VideoFrame) throws -> [FaceDetection] {
        let followed = tracker.tracks.filter { $0.misses == 0 }
        let sinceScan = lastScan.map { frame.time - $0 }
        var found: [FaceDetection] = []
        if let sinceScan, sinceScan < settings.rescan, !followed.isEmpty {
            for track in followed {
                if let face = try search.face(near: frame.box(of: track.face.box), in: frame.image) {
                    found.append(face)
                }
            }
            found = BlazeFaceDecoder.mergingOverlaps(found)
            if found.count >= followed.count { return found }
        }
        if let sinceScan, sinceScan < settings.retry { return found }
        lastScan = frame.time
        return Array(try search.all(in: frame.image).prefix(settings.faceLimit))
    }

    /// Whether both eyes lie in the picture; else half of the face is guessed.
    private static func showsEyes(_ face: FaceDetection, in picture: PixelBuffer) -> Bool {
        [FaceKeypoint.rightEye, .leftEye].allSatisfy { eye in
            let point = face[eye]
            return point.x >= 0 && point.y >= 0 && point.x < Float(picture.width) && point.y < Float(picture.height)
        }
    }

    private static func inSource(_ face: FaceDetection, _ frame: VideoFrame) -> FaceDetection {
        FaceDetection(
            box: frame.source(of: face.box),
            keypoints: face.keypoints.map { frame.source(of: $0) },
            confidence: face.confidence
        )
    }
}
