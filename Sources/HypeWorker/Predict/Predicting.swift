import HypeInference
import HypeMedia
import HypeWorkerLink

/// Answers `predict`: the emotion of pictures, recordings and videos, subject by subject.
///
/// A file that cannot be read is reported and the next one is taken; a model that is missing ends the request.
struct Predicting {
    let job: Job
    let shelf: Shelf

    func run(_ request: PredictRequest) throws -> WorkerResult {
        let fusion = try BranchFusion(request.wish.fusion, shelf: shelf)
        let judging = SubjectJudging(job: job, shelf: shelf, fusion: fusion, wish: request.wish)
        var asked: Set<String> = []
        for (index, subject) in request.subjects.enumerated() {
            try job.checkCancellation()
            var time = FilePrediction.Time()
            let outcome: FilePrediction.Outcome
            do {
                let reading: EmotionReading
                (reading, time) = try judging.run(subject, index: index)
                asked.formUnion(reading.models)
                outcome = .read(reading)
            } catch let error as MediaError where error.code != .cancelled {
                outcome = .unreadable(error.description)
            }
            job.emit(.prediction(FilePrediction(index: index, outcome: outcome, time: time)))
        }
        return .predicted(try ModelFile.allCases.filter { asked.contains($0.rawValue) }.map(shelf.identity))
    }
}

extension PredictWish {
    /// The nets that are asked about a film with a face and a voice.
    var modelFiles: [ModelFile] {
        var files: [ModelFile] = []
        if wantsFaces { files.append(.faceExpression) }
        if wantsVoice { files.append(.voiceEmotion) }
        files.append(.fusion)
        if wantsAttention { files += ModelFile.attentionModels }
        if let file = videoModel.flatMap(ModelFile.init(rawValue:)) { files.append(file) }
        return files
    }
}
