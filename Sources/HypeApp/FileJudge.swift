import HypeCore
import HypeWorkerLink
import Synchronization

/// Has files judged by the worker, many to a request, and keeps going where one of them cannot be read.
struct FileJudge: Sendable {
    /// What became of all subjects.
    struct Verdict: Sendable {
        /// One answer for each subject, in the order in which they were given.
        var predictions: [FilePrediction]
        /// The models that answered.
        var models: [ModelIdentity]
    }

    /// Most subjects of one request; enough that asking costs nothing, few enough that a crash costs little.
    private static let batchSize = 32

    let client: WorkerClient
    let parallelism: Int
    var wish = PredictWish()

    /// Judges subjects.
    ///
    /// - Parameters:
    ///   - subjects: What to judge.
    ///   - onAnswer: Called once for each subject, with its first answer, from any task.
    ///   - onProgress: Called often, from any task.
    /// - Returns: What became of each of them.
    /// - Throws: ``WorkerFailure`` that is not about a file, or `CancellationError`.
    func judge(
        _ subjects: [PredictSubject],
        onAnswer: @escaping @Sendable (FilePrediction) -> Void = { _ in },
        onProgress: @escaping @Sendable (FileProgress) -> Void
    ) async throws -> Verdict {
        let tray = JudgeTray(total: subjects.count, onAnswer: onAnswer, onProgress: onProgress)
        let size = max(1, min(Self.batchSize, (subjects.count + parallelism - 1) / parallelism))
        let batches = stride(from: 0, to: subjects.count, by: size).map { Array($0..<min($0 + size, subjects.count)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            var waiting = batches[...]
            for _ in 0..<parallelism {
                guard let batch = waiting.popFirst() else { break }
                group.addTask { _ = try await ask(batch, of: subjects, tray: tray) }
            }
            while try await group.next() != nil {
                guard let batch = waiting.popFirst() else { continue }
                group.addTask { _ = try await ask(batch, of: subjects, tray: tray) }
            }
        }
        // What is left was under way when a worker died. One by one, so that none is blamed for another.
        for index in subjects.indices where tray.answer(index) == nil {
            if let failure = try await ask([index], of: subjects, tray: tray) {
                let reason = "\(subjects[index].name) cannot be decoded: \(failure.message)."
                tray.put(FilePrediction(index: index, outcome: .unreadable(reason)))
            }
        }
        return Verdict(predictions: subjects.indices.compactMap(tray.answer), models: tray.models)
    }

    /// Asks about some subjects; returns why the worker died, where it did.
    private func ask(_ batch: [Int], of subjects: [PredictSubject], tray: JudgeTray) async throws -> WorkerFailure? {
        let request = PredictRequest(subjects: batch.map { subjects[$0] }, wish: wish)
        do {
            let result = try await client.perform(.predict(request)) { update in
                switch update {
                case .event(.prediction(var prediction)):
                    prediction.index = batch[prediction.index]
                    tray.put(prediction)
                case .event(.progress(let progress)):
                    if let subject = progress.subject, let end = progress.end {
                        tray.reached(progress.position, of: end, subject: batch[subject])
                    }
                default: break
                }
            }
            if case .predicted(let models) = result { tray.add(models) }
            return nil
        } catch let failure as WorkerFailure where failure.code == .crashed {
            return failure
        }
    }
}

/// Answers as they come in; a subject that is answered twice, after a restart, keeps its later answer.
private final class JudgeTray: Sendable {
    private struct State {
        var answers: [Int: FilePrediction] = [:]
        var underWay: [Int: Double] = [:]
        var models: [ModelIdentity] = []
    }

    private let total: Int
    private let state = Mutex(State())
    private let onAnswer: @Sendable (FilePrediction) -> Void
    private let onProgress: @Sendable (FileProgress) -> Void

    init(
        total: Int,
        onAnswer: @escaping @Sendable (FilePrediction) -> Void,
        onProgress: @escaping @Sendable (FileProgress) -> Void
    ) {
        self.total = total
        self.onAnswer = onAnswer
        self.onProgress = onProgress
    }

    var models: [ModelIdentity] { state.withLock { $0.models } }

    func answer(_ index: Int) -> FilePrediction? { state.withLock { $0.answers[index] } }

    func put(_ prediction: FilePrediction) {
        if answer(prediction.index) == nil { onAnswer(prediction) }
        tell { state in
            state.answers[prediction.index] = prediction
            state.underWay[prediction.index] = nil
        }
    }

    func reached(_ position: MediaTime, of end: MediaTime, subject: Int) {
        guard end > .zero else { return }
        tell { $0.underWay[subject] = min(1, max(0, position.seconds / end.seconds)) }
    }

    func add(_ models: [ModelIdentity]) {
        state.withLock { state in
            for model in models where !state.models.contains(model) { state.models.append(model) }
            state.models.sort { $0.name < $1.name }
        }
    }

    private func tell(_ change: (inout State) -> Void) {
        let progress = state.withLock { state in
            change(&state)
            return FileProgress(
                done: state.answers.count,
                total: total,
                underWay: state.underWay.values.reduce(0, +)
            )
        }
        onProgress(progress)
    }
}
