import HypeCore
import HypeEmotion
import HypeMedia
import HypeWorkerLink

/// Answers `watch`: the face in a stretch of a recording, segment by segment.
///
/// Key frames are looked at first; only where the face does not rest in them, or is not there, the other pictures are
/// decoded too (decision 0005). What is found in a segment depends on nothing but its pictures, the camera's place and
/// the face's ordinary arousal.
struct Watching {
    /// Time between the full pictures in which a lost face is searched.
    private static let searchStep = Duration.seconds(1)
    /// Part of those pictures that must show the face at one place for it to count.
    private static let searchShare = 0.6
    /// Score up to which a face counts as resting; 0.5 is the alarm threshold.
    private static let restingScore = 0.42

    let job: Job
    let shelf: Shelf

    /// What is looked at, and how.
    struct Stretch: Hashable, Sendable {
        /// The stretch, aligned to the grid of segments.
        var interval: MediaInterval
        /// Length of a segment of the grid, which starts at time zero.
        var segment: Duration
        /// Where the camera is in the picture, or nil to look at the whole picture.
        var camera: PixelRegion?
        /// Whether the whole picture is searched where no face is in the camera's place.
        var maySearch: Bool
        /// Ordinary arousal of the face, 0…1.
        var ordinaryArousal: Double?
    }

    func run(_ request: WatchRequest) throws -> WorkerResult {
        let stretch = Stretch(
            interval: request.interval,
            segment: request.segment,
            camera: request.camera,
            maySearch: request.maySearch,
            ordinaryArousal: request.ordinaryArousal
        )
        try run(stretch, footage: shelf.recording(request.path, for: job))
        return .done
    }

    /// Emits the observations of a stretch.
    ///
    /// - Parameters:
    ///   - request: What is looked at.
    ///   - footage: Where its pictures are.
    ///   - report: Called with each segment that was looked at.
    /// - Throws: `MediaError`, `InferenceError` or ``HypeWorkerLink/WorkerFailure``.
    func run(_ request: Stretch, footage: any Footage, found report: (FaceSegment) -> Void = { _ in }) throws {
        let models = try shelf.faceModels()
        let glancer = try FaceAnalyzer(models: models, settings: Self.glancing)
        let analyzer = try FaceAnalyzer(models: models)
        var close = try CloseLook(footage: footage, camera: request.camera, job: job)
        for (segment, frames) in zip(segments(of: request), try glances(of: footage, request: request)) {
            let glance = try glancer.analyze(segment, frames: frames, ordinary: request.ordinaryArousal)
            let found =
                isResting(glance) ? glance : try look(segment, with: &close, analyzer: analyzer, request: request)
            job.emit(.observations(found.observations))
            report(found)
            job.progress(to: segment.end)
        }
        if close.damagedPackets > 0 {
            job.emit(.warning("The picture has damaged packets; what could be decoded was used."))
        }
    }

    // MARK: Glancing

    /// The key frames of each segment, which cost a tenth of what all pictures cost.
    private func glances(of footage: any Footage, request: Stretch) throws -> [[VideoFrame]] {
        let settings = Self.settings(request.camera, selection: .keyFrames)
        let reader = try footage.reader(settings, interrupt: job.interrupt)
        try reader.start(footage.inFile(request.interval))
        let segments = segments(of: request)
        var frames = [[VideoFrame]](repeating: [], count: segments.count)
        var index = 0
        while let frame = try reader.next().map(footage.rebased) {
            try job.checkCancellation()
            while index < segments.count, frame.time >= segments[index].end { index += 1 }
            guard index < segments.count else { break }
            frames[index].append(frame)
            job.progress(to: frame.time)
        }
        return frames
    }

    /// Whether key frames say enough: they show the face all the time, and it rests.
    private func isResting(_ glance: FaceSegment) -> Bool {
        glance.observations.allSatisfy { $0.score.map { $0 < Self.restingScore } ?? false }
    }

    // MARK: Looking

    /// Looks at every picture of a segment that the analyzer can use, and elsewhere where no face is in its place.
    private func look(
        _ segment: MediaInterval,
        with close: inout CloseLook,
        analyzer: FaceAnalyzer,
        request: Stretch
    ) throws -> FaceSegment {
        let frames = try close.frames(of: segment)
        let found = try analyzer.analyze(segment, frames: frames, ordinary: request.ordinaryArousal)
        guard found.needsSearch, request.maySearch else { return found }
        return try search(segment, of: close.footage, analyzer: analyzer, request: request) ?? found
    }

    /// Two pictures for each slot of the analyzer, which takes the first, as small as it needs them.
    static func settings(
        _ region: PixelRegion?,
        selection: FrameReader.Settings.Selection = .referenceFrames
    ) -> FrameReader.Settings {
        FrameReader.Settings(
            step: FaceAnalyzer.Settings().slot / 2,
            selection: selection,
            region: region,
            longestSide: region == nil ? nil : FaceAnalyzer.usefulSide
        )
    }

    /// Settings for key frames alone: an observation for each two seconds, which is how far they usually lie apart.
    private static var glancing: FaceAnalyzer.Settings {
        var settings = FaceAnalyzer.Settings()
        settings.cell = .seconds(2)
        return settings
    }

    /// The cells of the grid inside the request's interval.
    private func segments(of request: Stretch) -> [MediaInterval] {
        let length = max(1, request.segment.nanoseconds)
        var segments: [MediaInterval] = []
        var cursor = request.interval.start
        while cursor < request.interval.end {
            let next = MediaTime(nanoseconds: (cursor.nanoseconds / length + 1) * length)
            segments.append(MediaInterval(start: cursor, end: min(next, request.interval.end)))
            cursor = next
        }
        return segments
    }

    /// Looks for the face in the whole picture, and analyses the segment there.
    private func search(
        _ segment: MediaInterval,
        of footage: any Footage,
        analyzer: FaceAnalyzer,
        request: Stretch
    ) throws -> FaceSegment? {
        let pictures = try frames(segment, of: footage, settings: FrameReader.Settings(step: Self.searchStep))
        let finding = try CameraFinder(models: shelf.faceModels()).find(in: pictures)
        guard let region = finding.region, Double(finding.found) >= Self.searchShare * Double(pictures.count) else {
            return nil
        }
        let frames = try frames(segment, of: footage, settings: Self.settings(region))
        let found = try analyzer.analyze(segment, frames: frames, ordinary: request.ordinaryArousal)
        return found.needsSearch ? nil : found
    }

    private func frames(
        _ segment: MediaInterval,
        of footage: any Footage,
        settings: FrameReader.Settings
    ) throws -> [VideoFrame] {
        let reader = try footage.reader(settings, interrupt: job.interrupt)
        try reader.start(footage.inFile(segment))
        var frames: [VideoFrame] = []
        while let frame = try reader.next() {
            try job.checkCancellation()
            frames.append(footage.rebased(frame))
        }
        return frames
    }
}
