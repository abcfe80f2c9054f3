import HypeCore
import HypeEvaluation
import HypeWorkerLink

/// Which of a file's answers counts.
enum EvaluationAnswer {
    /// The file was read; the scores are nil where there is no answer.
    case read(EvaluationReport.Kind, EmotionScores?)
    /// The file could not be read, in words for a person.
    case unreadable(String)

    /// Chooses the answer.
    ///
    /// - Parameters:
    ///   - prediction: What the worker said.
    ///   - file: The file, for messages.
    ///   - modality: Which tracks count; pictures have one answer whatever it is.
    init(_ prediction: FilePrediction, of file: String, modality: Modality) {
        let reading: EmotionReading
        switch prediction.outcome {
        case .unreadable(let reason):
            self = .unreadable(reason)
            return
        case .read(let found): reading = found
        }
        switch (reading.kind, modality) {
        case (.picture, _): self = .read(.picture, reading.faceScores)
        case (_, .audio): self = .read(.sound, reading.voice?.emotion)
        case (.video, .video): self = .read(.video, reading.faceScores)
        case (.video, .both): self = .read(.both, reading.emotion?.scores)
        case (.sound, .video), (.sound, .both):
            self = .unreadable("\(file) has no picture, and --modality \(modality.rawValue) needs the faces in it")
        }
    }
}
