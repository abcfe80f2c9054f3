import Foundation
import HypeCore
import HypeEvents
import HypeLibrary
import HypeMoments
import HypeServer
import HypeStore
import Logging

/// Tells everybody what a session does, and keeps it.
///
/// A store that is away does not stop a session; the log says what was not kept.
struct SessionDiary: Sendable {
    let store: any ClipStore
    let events: EventLog
    let logger: Logger

    /// Keeps a session without a word.
    func save(_ session: Session) async {
        await keep("session", of: session.id) { try await $0.save(session) }
    }

    /// Keeps a session and tells how it is.
    func tell(_ session: Session) async {
        await save(session)
        await events.publish(.session, session: session.id, session)
    }

    /// Tells what a detector saw.
    func tell(_ report: SignalReport) async {
        await events.publish(.signal, session: report.sessionId, report)
    }

    /// Tells that the chat began to rise.
    func tell(_ spike: ChatSpike, of session: String) async {
        await events.publish(.newSpike, session: session, SpikeReport(spike, session: session))
    }

    /// Keeps a moment or a near miss and tells of it.
    func tell(_ moment: Moment, of session: String) async {
        let record = MomentRecord(sessionId: session, createdAt: Date(), moment: moment)
        await keep("moment", of: session) { try await $0.save([record]) }
        await events.publish(.moment, session: session, record)
    }

    /// Tells how far a clip has come.
    func tell(_ status: ClipProgress.Status, clip: String, of session: String, reason: String? = nil) async {
        let progress = ClipProgress(status, clip: clip, session: session, reason: reason)
        await events.publish(.clipProgress, session: session, progress)
    }

    /// Tells that a clip will not come.
    func tell(failure: any Error, clip: String, of session: String) async {
        let reason: String
        switch failure {
        case let failure as AppFailure: reason = failure.message
        case let failure as LibraryFailure: reason = failure.message
        default:
            logger.error("clip failed", metadata: ["clip": "\(clip)", "error": "\(failure)"])
            reason = "an unexpected failure; the log of the server says more"
        }
        await tell(.failed, clip: clip, of: session, reason: reason)
    }

    private func keep(
        _ what: String,
        of session: String,
        _ write: @Sendable (any ClipStore) async throws -> Void
    ) async {
        do { try await write(store) } catch {
            logger.warning("not stored", metadata: ["what": "\(what)", "session": "\(session)", "error": "\(error)"])
        }
    }
}
