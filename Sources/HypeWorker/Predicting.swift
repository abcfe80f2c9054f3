import Foundation
import HypeCore
import HypeDigest
import HypeEmotion
import HypeInference
import HypeMedia
import HypeWorkerLink

/// Answers `predict`: the emotion of pictures and recordings, file by file.
///
/// A file that cannot be read is reported and the next one is taken; a model that is missing ends the request.
struct Predicting {
    /// Longest sound that is judged; a clip's answer is a mean, which an hour more does not change.
    private static let longestSound = Duration.seconds(3600)

    let job: Job
    let shelf: Shelf

    func run(_ request: PredictRequest) throws -> WorkerResult {
        var readers = Readers(shelf: shelf)
        for (index, path) in request.paths.enumerated() {
            try job.checkCancellation()
            var time = FilePrediction.Time()
            let outcome: FilePrediction.Outcome
            do {
                outcome = try read(path, request: request, readers: &readers, time: &time)
            } catch let error as MediaError where error.code != .cancelled {
                outcome = .unreadable(error.description)
            }
            job.emit(.prediction(FilePrediction(index: index, outcome: outcome, time: time)))
        }
        return .predicted(try readers.identities())
    }

    private func read(
        _ path: String,
        request: PredictRequest,
        readers: inout Readers,
        time: inout FilePrediction.Time
    ) throws -> FilePrediction.Outcome {
        let file = try measured(&time.decode) {
            try MediaFile(path: path, interrupt: job.interrupt) { _ in job.progress(to: .zero) }
        }
        if file.audio != nil {
            return .sound(try listen(to: file, request: request, readers: &readers, time: &time))
        }
        let still = try measured(&time.decode) {
            try StillReader.read(file, longestSide: StillFaceReader.usefulSide, interrupt: job.interrupt)
        }
        guard !still.isFirstOfMany else {
            throw MediaError(
                .noAudio,
                "\(path) is a video without sound. So far pictures and sound are judged, faces in video are not; "
                    + "give single pictures of it."
            )
        }
        let reader = try readers.face()
        return try measured(&time.face) {
            .picture(try look(at: still, isCropped: request.isCropped, with: reader))
        }
    }

    // MARK: Pictures

    private func look(
        at still: StillReader.Still,
        isCropped: Bool,
        with reader: StillFaceReader
    ) throws -> PictureReading {
        let faces = isCropped ? try [reader.crop(still.image)].compactMap { $0 } : try reader.faces(in: still.image)
        let scale = Float(still.width) / Float(max(1, still.image.width))
        let readings = faces.map { face in
            let box = FaceBox(
                x: face.box.x * scale,
                y: face.box.y * scale,
                width: face.box.width * scale,
                height: face.box.height * scale
            )
            let region = box.region.clamped(toWidth: still.width, height: still.height)
            return FaceReading(
                emotion: face.emotion,
                region: region ?? box.region,
                confidence: face.confidence.map(Double.init)
            )
        }
        guard readings.isEmpty else { return PictureReading(faces: readings) }
        return PictureReading(faces: [], missing: isCropped ? "the picture is too small" : "no face was found")
    }

    // MARK: Sound

    private func listen(
        to file: MediaFile,
        request: PredictRequest,
        readers: inout Readers,
        time: inout FilePrediction.Time
    ) throws -> SoundReading {
        var notes: [String] = []
        if file.video != nil { notes.append("Only the sound was judged; faces in video are not looked at yet.") }
        let samples = try measured(&time.decode) { try self.samples(of: file, notes: &notes) }
        guard !samples.isEmpty else { return SoundReading(voice: nil, missing: "the sound is empty", notes: notes) }
        let reader = try readers.voice()
        let voice = try measured(&time.voice) {
            try reader.read(samples) {
                try job.checkCancellation()
                job.progress(to: .zero)
            }
        }
        guard let voice else { return SoundReading(voice: nil, missing: "nobody speaks", notes: notes) }
        let windows = request.wantsWindows ? voice.windows : []
        return SoundReading(
            voice: VoiceReading(emotion: voice.emotion, arousal: voice.arousal, speech: voice.speech),
            windows: windows.map { WindowReading(interval: $0.interval, emotion: $0.prediction.emotion) },
            notes: notes
        )
    }

    /// All samples of a file; a gap that the reader does not fill closes up.
    private func samples(of file: MediaFile, notes: inout [String]) throws -> [Float] {
        let limit = Int(Self.longestSound.components.seconds) * AudioBlock.sampleRate
        let reader = try AudioReader(file, interrupt: job.interrupt)
        var samples: [Float] = []
        while let block = try reader.next() {
            try job.checkCancellation()
            job.progress(to: block.end)
            samples += block.samples
            if samples.count >= limit {
                notes.append("Only the first \(Self.longestSound.components.seconds / 60) minutes were judged.")
                break
            }
        }
        if samples.isEmpty, reader.damagedPackets > 0 {
            throw MediaError(.cannotDecode, "The sound of \(file.path) cannot be decoded. Convert the recording.")
        }
        if reader.damagedPackets > 0 {
            notes.append("The sound has \(reader.damagedPackets) damaged packets; what could be decoded was used.")
        }
        return samples
    }

    private func measured<Result>(_ time: inout Duration, _ work: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer { time += ContinuousClock.now - start }
        return try work()
    }
}

/// The readers that a request has needed so far, made at the first file of their kind.
private struct Readers {
    let shelf: Shelf
    private var faceReader: StillFaceReader?
    private var voiceReader: ClipVoiceReader?

    init(shelf: Shelf) {
        self.shelf = shelf
    }

    mutating func face() throws -> StillFaceReader {
        if let faceReader { return faceReader }
        let reader = try StillFaceReader(models: shelf.faceModels())
        faceReader = reader
        return reader
    }

    mutating func voice() throws -> ClipVoiceReader {
        if let voiceReader { return voiceReader }
        let models = try shelf.voiceModels()
        let reader = try ClipVoiceReader(
            detector: models.makeDetector(),
            model: models.makeEmotionModel(),
            temperature: Sidecar(beside: shelf.locator.url(of: .voiceEmotion)).clipTemperature ?? 1
        )
        voiceReader = reader
        return reader
    }

    /// The models that gave answers.
    func identities() throws -> [ModelIdentity] {
        var models: [ModelFile] = []
        if faceReader != nil { models.append(.faceExpression) }
        if voiceReader != nil { models.append(.voiceEmotion) }
        return try models.map(shelf.identity)
    }
}

extension ModelIdentity {
    /// Describes a model file by the description beside it and by its own checksum.
    init(of model: ModelFile, in locator: ModelLocator) throws {
        let url = try locator.url(of: model)
        let sidecar = try Sidecar(beside: url)
        let digest = try FileDigest(ofFile: url.path).sha256
        self.init(
            name: sidecar.name,
            version: sidecar.version,
            sha256: digest,
            threshold: sidecar.clipThreshold ?? sidecar.threshold,
            warning: digest == sidecar.sha256
                ? nil
                : "\(url.lastPathComponent) is not the file that \(sidecar.name).json describes: its confidences and "
                    + "the threshold may not fit. Run `git checkout -- Models` to restore both."
        )
    }
}
