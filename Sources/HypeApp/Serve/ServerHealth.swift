import HypeCatalogue
import HypeCore
import HypeServer
import HypeStore

/// How the parts of the running server are.
struct ServerHealth: HealthSource {
    /// How much free space is on a disk.
    struct Disk: Sendable {
        /// Free bytes; nil where that cannot be found out.
        var free: Int64?
        /// Free bytes below which something is deleted or refused.
        var lowWater: Int64
    }

    let started: ContinuousClock.Instant
    let version: String
    let sessions: SessionManager
    let desk: WorkerDesk
    let store: any ClipStore
    let inventory: ModelInventory
    let disk: @Sendable () -> Disk

    func health() async -> HealthReport {
        let seen = await sessions.lastSeen
        let running = await sessions.running.count
        var parts: [HealthReport.Part: HealthReport.Entry] = [
            .worker: await desk.health,
            .predict: await desk.predictHealth,
            .disk: Self.judge(disk()),
            .models: Self.judge(inventory),
        ]
        do {
            try await store.ping()
            parts[.store] = HealthReport.Entry(.ok)
        } catch {
            parts[.store] = HealthReport.Entry(.missing, error.message)
        }
        for (part, kind) in [(HealthReport.Part.chat, SignalKind.chat), (.camera, .face), (.mic, .voice)] {
            parts[part] = Self.judge(seen[kind], isWatching: running > 0)
        }
        return HealthReport(
            version: version,
            uptime: (ContinuousClock.now - started).inSeconds,
            sessions: running,
            parts: parts
        )
    }

    static func judge(_ disk: Disk) -> HealthReport.Entry {
        guard let free = disk.free else { return HealthReport.Entry(.degraded, "the free space is not known") }
        let gibibytes = (Double(free) / 1_073_741_824 * 10).rounded() / 10
        guard free < disk.lowWater else { return HealthReport.Entry(.ok) }
        return HealthReport.Entry(
            .degraded,
            "\(gibibytes) GiB are free, less than retention.lowDisk; delete clips or add space"
        )
    }

    static func judge(_ observation: Observation?, isWatching: Bool) -> HealthReport.Entry {
        guard isWatching else { return HealthReport.Entry(.missing, "no session runs") }
        guard let observation else { return HealthReport.Entry(.missing, "nothing was seen yet") }
        return observation.missing.map { HealthReport.Entry(.missing, $0) } ?? HealthReport.Entry(.ok)
    }

    static func judge(_ inventory: ModelInventory) -> HealthReport.Entry {
        let faults = inventory.items.filter { $0.entry.use == .required && $0.state != .installed }.map(\.entry.id)
        guard !faults.isEmpty else { return HealthReport.Entry(.ok) }
        return HealthReport.Entry(
            .missing,
            "missing or damaged: \(faults.joined(separator: ", ")); `hypeclip models verify` says more"
        )
    }
}
