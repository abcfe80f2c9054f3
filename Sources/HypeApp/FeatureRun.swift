import Foundation
import HypeCore
import HypeWorkerLink

/// Has the features of recordings computed by the worker, several side by side.
struct FeatureRun: Sendable {
    let client: WorkerClient
    let parallelism: Int
    let settings: FeatureSettings

    /// Computes.
    ///
    /// - Parameters:
    ///   - tasks: The recordings and the files to write for each.
    ///   - onProgress: Called with the number of recordings that are done, from any task.
    /// - Returns: What became of each, in the same order.
    /// - Throws: ``HypeWorkerLink/WorkerFailure`` that concerns all, or `CancellationError`.
    func run(_ tasks: [FeatureTask], onProgress: @escaping @Sendable (Int) -> Void) async throws -> [FeatureOutcome] {
        var outcomes = [FeatureOutcome?](repeating: nil, count: tasks.count)
        try await withThrowingTaskGroup(of: (Int, FeatureOutcome?).self) { group in
            var waiting = tasks.indices.makeIterator()
            for _ in 0..<max(1, parallelism) {
                guard let index = waiting.next() else { break }
                group.addTask { (index, try await compute(tasks[index])) }
            }
            while let (index, outcome) = try await group.next() {
                outcomes[index] = outcome
                onProgress(outcomes.count { $0 != nil })
                guard let index = waiting.next() else { continue }
                group.addTask { (index, try await compute(tasks[index])) }
            }
        }
        // What is left was under way when a worker died. One by one, so that none is blamed for another.
        var all: [FeatureOutcome] = []
        for (task, outcome) in zip(tasks, outcomes) {
            if let outcome {
                all.append(outcome)
                continue
            }
            let failure = AppFailure(
                .unreadableInput,
                "\(task.recording) cannot be decoded: the media worker died of it."
            )
            all.append(
                try await compute(task) ?? FeatureOutcome(recording: task.recording, result: .failure(failure))
            )
            onProgress(all.count)
        }
        return all
    }

    /// Computes the features of one recording; nil where the worker died.
    private func compute(_ task: FeatureTask) async throws -> FeatureOutcome? {
        let request = FeaturesRequest(path: task.recording, settings: settings, files: task.files)
        var isDone = false
        defer {
            // A worker that was killed could not take its half-written files away.
            if !isDone { for file in task.files { try? FileManager.default.removeItem(atPath: file.path + ".part") } }
        }
        do {
            guard case .features(let report) = try await client.perform(.features(request)) else {
                throw AppFailure(.failed, "the worker gave no features of \(task.recording)")
            }
            isDone = true
            return FeatureOutcome(recording: task.recording, result: .success(FeatureSummary(report)))
        } catch let failure as WorkerFailure {
            switch failure.code {
            case .crashed: return nil
            case .unreadableInput:
                return FeatureOutcome(
                    recording: task.recording,
                    result: .failure(AppFailure(.unreadableInput, failure.message))
                )
            case .output, .other:
                return FeatureOutcome(recording: task.recording, result: .failure(AppFailure(.failed, failure.message)))
            case .model, .cancelled, .version: throw failure
            }
        }
    }
}
