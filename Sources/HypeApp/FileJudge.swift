import HypeCore
import HypeWorkerLink
import Synchronization

/// Has files judged by the worker, many to a request, and keeps going where one of them cannot be read.
struct FileJudge: Sendable {
    /// What became of all files.
    struct Verdict: Sendable {
        /// One answer for each file, in the order in which the files were given.
        var predictions: [FilePrediction]
        /// The models that answered.
        var models: [ModelIdentity]
    }

    /// Most files of one request; enough that asking costs nothing, few enough that a crash costs little.
    private static let batchSize = 32

    let client: WorkerClient
    let parallelism: Int
    let isCropped: Bool
    let wantsWindows: Bool

    /// Judges files.
    ///
    /// - Parameters:
    ///   - paths: The files.
    ///   - onProgress: Called with the number of files that are done, from any task.
    /// - Returns: What became of each of them.
    /// - Throws: ``WorkerFailure`` that is not about a file, or `CancellationError`.
    func judge(_ paths: [String], onProgress: @escaping @Sendable (Int) -> Void) async throws -> Verdict {
        let tray = Tray(onProgress: onProgress)
        let size = max(1, min(Self.batchSize, (paths.count + parallelism - 1) / parallelism))
        let batches = stride(from: 0, to: paths.count, by: size).map { Array($0..<min($0 + size, paths.count)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            var waiting = batches[...]
            for _ in 0..<parallelism {
                guard let batch = waiting.popFirst() else { break }
                group.addTask { _ = try await ask(batch, of: paths, tray: tray) }
            }
            while try await group.next() != nil {
                guard let batch = waiting.popFirst() else { continue }
                group.addTask { _ = try await ask(batch, of: paths, tray: tray) }
            }
        }
        // What is left was under way when a worker died. One by one, so that none is blamed for another.
        for index in paths.indices where tray.answer(index) == nil {
            if let failure = try await ask([index], of: paths, tray: tray) {
                let reason = "\(paths[index]) cannot be decoded: \(failure.message)."
                tray.put(FilePrediction(index: index, outcome: .unreadable(reason)))
            }
        }
        return Verdict(predictions: paths.indices.compactMap(tray.answer), models: tray.models)
    }

    /// Asks about some files; returns why the worker died, where it did.
    private func ask(_ batch: [Int], of paths: [String], tray: Tray) async throws -> WorkerFailure? {
        let request = PredictRequest(
            paths: batch.map { paths[$0] },
            isCropped: isCropped,
            wantsWindows: wantsWindows
        )
        do {
            let result = try await client.perform(.predict(request)) { update in
                guard case .event(.prediction(var prediction)) = update else { return }
                prediction.index = batch[prediction.index]
                tray.put(prediction)
            }
            if case .predicted(let models) = result { tray.add(models) }
            return nil
        } catch let failure as WorkerFailure where failure.code == .crashed {
            return failure
        }
    }

    /// Answers as they come in; a file that is answered twice, after a restart, keeps its later answer.
    private final class Tray: Sendable {
        private struct State {
            var answers: [Int: FilePrediction] = [:]
            var models: [ModelIdentity] = []
        }

        private let state = Mutex(State())
        private let onProgress: @Sendable (Int) -> Void

        init(onProgress: @escaping @Sendable (Int) -> Void) {
            self.onProgress = onProgress
        }

        var models: [ModelIdentity] { state.withLock { $0.models } }

        func answer(_ index: Int) -> FilePrediction? { state.withLock { $0.answers[index] } }

        func put(_ prediction: FilePrediction) {
            let count = state.withLock { state in
                state.answers[prediction.index] = prediction
                return state.answers.count
            }
            onProgress(count)
        }

        func add(_ models: [ModelIdentity]) {
            state.withLock { state in
                for model in models where !state.models.contains(model) { state.models.append(model) }
                state.models.sort { $0.name < $1.name }
            }
        }
    }
}
