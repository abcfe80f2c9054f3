import HypeCore
import HypeEmotion
import HypeInference
import HypeWorkerLink

/// Answers `warmUp`: loads the nets that read faces and voices, and runs each once.
///
/// A net's first inference allocates its memory and chooses its kernels, which nobody should wait for.
struct WarmingUp {
    /// Takes everything for speech, so that the voice is read whatever the sound is like.
    private struct Credulous: SpeechDetecting {
        let detector: any SpeechDetecting

        func probability(of chunk: [Float]) throws -> Float {
            _ = try detector.probability(of: chunk)
            return 1
        }

        func reset() { detector.reset() }
    }

    /// Side of the grey picture in pixels; the detectors scale whatever they get.
    private static let side = 192

    let job: Job
    let shelf: Shelf

    func run() throws -> WorkerResult {
        let grey = PixelBuffer(
            width: Self.side,
            height: Self.side,
            bytes: [UInt8](repeating: 128, count: Self.side * Self.side * 3)
        )
        let nets = try shelf.faceModels()
        let faces = try StillFaceReader(models: nets)
        _ = try faces.faces(in: grey)
        if let face = try faces.crop(grey) {
            // Films are read by the net that takes several faces at a time.
            _ = try nets.makeExpressionModel().scores(of: [face.cut, face.cut])
        }
        try job.checkCancellation()
        let voices = try shelf.voiceModels()
        let hum = (0..<VoiceEmotionModel.windowLength).map { Float($0 % 100) / 100 - 0.5 }
        _ = try ClipVoiceReader(
            detector: Credulous(detector: voices.makeDetector()),
            model: voices.makeEmotionModel()
        ).read(hum)
        for model in [ModelFile.faceExpression, .voiceEmotion] { _ = try shelf.identity(of: model) }
        return .done
    }
}
