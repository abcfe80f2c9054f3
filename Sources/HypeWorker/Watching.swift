import HypeCore
import HypeEmotion
import HypeMedia
import HypeWorkerLink

/// Answers `watch`: the face in a stretch of a recording, segment by segment.
///
/// What is found in a segment depends on nothing but its pictures, the camera's place and the face's ordinary arousal.
struct Watching {
    /// Time between the full pictures in which a lost face is searched.
    private static let searchStep = Duration.seconds(1)
    /// Part of those pictures that must show the face at one place for it to count.
    private static let searchShare = 0.6

    let job: Job
    let shelf: Shelf

    func run(_ request: WatchRequest) throws -> WorkerResult {
        let recording = try shelf.recording(request.path, interrupt: job.interrupt)
        let analyzer = try FaceAnalyzer(models: shelf.faceModels())
        let reader = try FrameReader(
            recording.file,
            settings: Self.settings(request.camera),
            interrupt: job.interrupt
        )
        try reader.start(recording.inFile(request.interval))
        var ahead: VideoFrame?
        for segment in segments(of: request) {
            var frames: [VideoFrame] = []
            while let frame = try ahead ?? reader.next().map(recording.rebased) {
                try job.checkCancellation()
                ahead = nil
                if frame.time >= segment.end {
                    ahead = frame
                    break
                }
                frames.append(frame)
            }
            var found = try analyzer.analyze(segment, frames: frames, ordinary: request.ordinaryArousal)
            if found.needsSearch, request.maySearch,
                let elsewhere = try search(segment, of: recording, analyzer: analyzer, request: request)
            {
                found = elsewhere
            }
            job.emit(.observations(found.observations))
            job.progress(to: segment.end)
        }
        if reader.damagedPackets > 0 {
            job.emit(.warning("The picture has damaged packets; what could be decoded was used."))
        }
        return .done
    }

    /// Two pictures for each slot of the analyzer, which takes the first, as small as it needs them.
    private static func settings(_ region: PixelRegion?) -> FrameReader.Settings {
        FrameReader.Settings(
            step: FaceAnalyzer.Settings().slot / 2,
            region: region,
            longestSide: region == nil ? nil : FaceAnalyzer.usefulSide
        )
    }

    /// The cells of the grid inside the request's interval.
    private func segments(of request: WatchRequest) -> [MediaInterval] {
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
        of recording: Recording,
        analyzer: FaceAnalyzer,
        request: WatchRequest
    ) throws -> FaceSegment? {
        let pictures = try frames(segment, of: recording, settings: FrameReader.Settings(step: Self.searchStep))
        let finding = try CameraFinder(models: shelf.faceModels()).find(in: pictures)
        guard let region = finding.region, Double(finding.found) >= Self.searchShare * Double(pictures.count) else {
            return nil
        }
        let frames = try frames(segment, of: recording, settings: Self.settings(region))
        let found = try analyzer.analyze(segment, frames: frames, ordinary: request.ordinaryArousal)
        return found.needsSearch ? nil : found
    }

    private func frames(
        _ segment: MediaInterval,
        of recording: Recording,
        settings: FrameReader.Settings
    ) throws -> [VideoFrame] {
        let reader = try FrameReader(recording.file, settings: settings, interrupt: job.interrupt)
        try reader.start(recording.inFile(segment))
        var frames: [VideoFrame] = []
        while let frame = try reader.next() {
            try job.checkCancellation()
            frames.append(recording.rebased(frame))
        }
        return frames
    }
}
