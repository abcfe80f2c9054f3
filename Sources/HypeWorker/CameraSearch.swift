import HypeCore
import HypeEmotion
import HypeMedia
import HypeWorkerLink

/// Answers `findCamera`: where the face is, and what it ordinarily looks like.
struct CameraSearch {
    /// Pictures that are looked at, spread over the recording.
    private static let pictureCount = 12
    /// How far after its place a key frame is looked for.
    private static let reach = Duration.seconds(12)

    let job: Job
    let shelf: Shelf

    func run(_ path: String, region: PixelRegion?) throws -> WorkerResult {
        let recording = try shelf.recording(path, for: job)
        let models = try shelf.faceModels()
        let pictures = try self.pictures(of: recording)
        job.progress(to: .zero)
        guard !pictures.isEmpty else {
            return .camera(CameraReport(region: region, summary: "no picture could be decoded", ordinaryArousal: nil))
        }
        var report = CameraReport(region: region, summary: "at the place that was given", ordinaryArousal: nil)
        if region == nil {
            let finding = try CameraFinder(models: models).find(in: pictures)
            report.region = finding.region
            report.summary = finding.summary
        }
        if let place = report.region {
            job.progress(to: .zero)
            report.ordinaryArousal = try FaceAnalyzer(models: models).ordinaryArousal(in: pictures, region: place)
        }
        return .camera(report)
    }

    private func pictures(of recording: Recording) throws -> [VideoFrame] {
        let settings = FrameReader.Settings(selection: .keyFrames)
        let reader = try FrameReader(recording.file, settings: settings, interrupt: job.interrupt)
        var pictures: [VideoFrame] = []
        for index in 0..<Self.pictureCount {
            try job.checkCancellation()
            let place = recording.interval.duration * (Double(index) + 0.5) / Double(Self.pictureCount)
            let start = MediaTime.zero + place
            try reader.start(recording.inFile(MediaInterval(start: start, end: start + Self.reach)))
            guard let frame = try reader.next().map(recording.rebased) else { continue }
            if frame.time != pictures.last?.time { pictures.append(frame) }
            job.progress(to: frame.time)
        }
        return pictures
    }
}
