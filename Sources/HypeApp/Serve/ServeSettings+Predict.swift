import Foundation
import HypeServer
import HypeWorkerLink

extension ServeSettings {
    private var workersOnThisMachine: Int {
        predictWorkers(cores: ProcessInfo.processInfo.activeProcessorCount)
    }

    /// How the workers that read emotions work together; nil where emotions are not read.
    ///
    /// - Parameter worker: How workers are started.
    /// - Returns: The settings of the pool.
    func pool(_ worker: WorkerSettings) -> PoolSettings? {
        let workers = workersOnThisMachine
        guard workers > 0 else { return nil }
        var limits = PoolLimits(workers: workers, waiting: predictQueue)
        limits.growth = Int64(predictGrowth * 1_048_576)
        var worker = worker
        worker.silenceLimit = .seconds(predictSilence)
        worker.keepsFreeMemory = true
        return PoolSettings(worker: worker, limits: limits, longest: .seconds(predictLongest))
    }

    /// What clients may ask about emotions.
    var predictions: PredictionSettings {
        var settings = PredictionSettings()
        settings.long = .seconds(predictBackground)
        settings.lifetime = .seconds(predictKept * 60)
        // A long recording must not keep all short ones waiting.
        settings.parallel = max(1, workersOnThisMachine - 1)
        return settings
    }
}
