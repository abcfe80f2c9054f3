import HypeCore
import HypeWorkerLink
import Synchronization

/// Gathers what a worker says about one request, and forgets it when the request starts over.
final class WitnessCollector: Sendable {
    /// What was gathered.
    struct Testimony: Sendable {
        var observations: [Observation] = []
        var speech: [MediaInterval] = []
        var warnings: [String] = []
    }

    private let gathered = Mutex(Testimony())
    private let onProgress: @Sendable (MediaTime) -> Void

    /// Creates an empty collector.
    ///
    /// - Parameter onProgress: Called with the position up to which the work is done.
    init(onProgress: @escaping @Sendable (MediaTime) -> Void = { _ in }) {
        self.onProgress = onProgress
    }

    /// What was gathered so far.
    var testimony: Testimony { gathered.withLock { $0 } }

    /// Takes in what the worker said.
    func take(_ update: WorkerUpdate) {
        switch update {
        case .restarted:
            gathered.withLock { $0 = Testimony() }
        case .event(.observations(let observations)):
            gathered.withLock { $0.observations += observations }
        case .event(.speech(let intervals)):
            gathered.withLock { $0.speech += intervals }
        case .event(.warning(let warning)):
            gathered.withLock { $0.warnings.append(warning) }
        case .event(.progress(let progress)):
            onProgress(progress.position)
        case .event(.prediction), .event(.attention), .event(.live), .event(.finished), .event(.failed):
            break
        }
    }
}
