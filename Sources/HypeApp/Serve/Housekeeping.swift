import Foundation
import HypeCore
import HypeStore
import HypeUploads
import Logging
import ServiceLifecycle

/// Forgets what nobody comes back for: old uploads and old entries of the event log.
struct Housekeeping: Service {
    let store: any ClipStore
    let uploads: UploadStore
    let sessions: SessionManager
    /// How long events are kept.
    let events: Duration
    /// How long uploads are kept that no session watched.
    let unused: Duration
    let interval: Duration
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await tidy()
                try? await Task.sleep(for: interval)
            }
        }
    }

    private func tidy() async {
        let inUse = await sessions.running.compactMap(\.source.upload)
        do {
            try await uploads.expire(olderThan: unused, except: Set(inUse))
        } catch {
            logger.warning("old uploads not removed", metadata: ["error": "\(error)"])
        }
        do {
            try await store.forgetEvents(before: Date().addingTimeInterval(-events.inSeconds))
        } catch {
            logger.warning("old events not forgotten", metadata: ["error": "\(error)"])
        }
    }
}
