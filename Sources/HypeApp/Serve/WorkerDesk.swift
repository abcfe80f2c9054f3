import Foundation
import HypeCatalogue
import HypeCore
import HypeServer
import HypeWorkerLink
import Logging
import ServiceLifecycle
import Synchronization

/// Looks into uploaded files and reads their emotion, with workers apart from those of the sessions: one that tells what files
/// are, so that uploads never wait for emotions, and a pool of warm ones that read emotions.
struct WorkerDesk: MediaReader, Service {
    private let client: WorkerClient
    private let pool: WorkerPool?
    private let inventory: ModelInventory

    /// Creates a desk; nothing is started before ``run()``.
    ///
    /// - Parameters:
    ///   - settings: How workers are started.
    ///   - pool: How those that read emotions work together; nil where emotions are not read.
    ///   - inventory: Which models are there.
    ///   - logger: For operators.
    init(settings: WorkerSettings, pool: PoolSettings?, inventory: ModelInventory, logger: Logger) {
        client = WorkerClient(settings: settings, logger: logger)
        self.pool = pool.map { WorkerPool(settings: $0, logger: logger) }
        self.inventory = inventory
    }

    /// Keeps the workers alive until the program shuts down.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await client.run() }
                if let pool { group.addTask { await pool.run() } }
            }
        }
    }

    /// Whether the worker that looks into uploads answers, or why it does not.
    var health: HealthReport.Entry {
        get async {
            switch await client.condition {
            case .ready: HealthReport.Entry(.ok)
            case .starting: HealthReport.Entry(.degraded, "the worker is starting")
            case .refused(let failure): HealthReport.Entry(.missing, failure.message)
            }
        }
    }

    /// How the workers that read emotions are.
    var predictHealth: HealthReport.Entry {
        get async {
            guard let pool else { return HealthReport.Entry(.missing, "predict.on is false") }
            if let failure = await pool.failure { return HealthReport.Entry(.missing, failure.message) }
            if await pool.modelFailure != nil {
                return HealthReport.Entry(.missing, EmotionAsking.missing(in: inventory))
            }
            return Self.judge(await pool.report)
        }
    }

    static func judge(_ report: PoolReport) -> HealthReport.Entry {
        if report.ready < report.workers {
            let reason = "\(report.ready) of \(report.workers) workers are warm, the others are being started"
            return HealthReport.Entry(.degraded, reason)
        }
        guard report.waiting < report.capacity else {
            return HealthReport.Entry(.degraded, "\(report.waiting) requests wait, more are turned away")
        }
        return HealthReport.Entry(.ok)
    }

    func probe(path: String) async throws -> MediaInfo {
        do {
            guard case .media(let info) = try await client.perform(.probe(path: path)) else {
                throw RequestFailure(.unavailable, "The media worker gave no answer; try again.")
            }
            return info
        } catch let failure as WorkerFailure {
            throw EmotionAsking.failure(failure, inventory)
        }
    }

    func load() async -> PredictionLoad {
        guard let report = await pool?.report else { return PredictionLoad() }
        var load = PredictionLoad()
        load.workers = report.workers
        load.ready = report.ready
        load.busy = report.busy
        load.waiting = report.waiting
        load.capacity = report.capacity
        load.meanTime = report.meanTime
        load.served = report.counts.served
        load.refused = report.counts.refused
        load.cancelled = report.counts.cancelled
        load.expired = report.counts.expired
        load.retried = report.counts.retried
        load.guilty = report.counts.guilty
        load.died = report.counts.died
        load.replaced = report.counts.replaced
        return load
    }

    func emotion(of job: EmotionJob, onNews: @escaping @Sendable (EmotionNews) -> Void) async throws -> Data {
        guard let pool else {
            throw RequestFailure(.unsupported, "This server reads no emotions; its setting predict.on is false.")
        }
        let asking = try EmotionAsking(job, inventory: inventory)
        let tray = Mutex<(prediction: FilePrediction?, hasBegun: Bool)>((nil, false))
        let request = WorkerPool.Request(client: job.client, deadline: job.deadline) { asking.message(deadline: $0) }
        do {
            let result = try await pool.perform(request) { update in
                switch update {
                case .started:
                    tray.withLock { $0 = (nil, true) }
                    onNews(.progress(0))
                case .event(.prediction(let prediction)): tray.withLock { $0.prediction = prediction }
                case .event(.progress(let progress)):
                    if let fraction = asking.fraction(progress) { onNews(.progress(fraction)) }
                case .event(.attention(let alert)): onNews(.alert(alert))
                case .event: break
                }
            }
            guard case .predicted(let models) = result, let prediction = tray.withLock({ $0.prediction }) else {
                throw RequestFailure(.unavailable, "The media worker gave no answer; try again.")
            }
            return try asking.document(prediction, models: models)
        } catch PoolFailure.expired where tray.withLock({ $0.hasBegun }) {
            return try asking.nothing()
        } catch let failure as PoolFailure {
            throw asking.failure(failure)
        }
    }
}
