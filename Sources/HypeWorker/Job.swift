import HypeCore
import HypeDigest
import HypeMedia
import HypeWorkerLink
import Synchronization
import SystemPackage

/// What a running request may use: where to report, and whether to stop.
struct Job: Sendable {
    /// Least time between two progress reports of one request.
    private static let reportInterval = Duration.milliseconds(200)

    let number: UInt64
    let interrupt: MediaInterrupt
    private let mailbox: WorkerMailbox
    private let lastReport: LastReport

    init(number: UInt64, mailbox: WorkerMailbox) {
        self.number = number
        self.mailbox = mailbox
        self.interrupt = MediaInterrupt()
        self.lastReport = LastReport()
    }

    /// Says something about the request; where nobody listens any more, the request is given up.
    func emit(_ event: WorkerEvent) {
        do { try mailbox.send(event, request: number) } catch { interrupt.cancel() }
    }

    /// Reports how far the work has come, at most a few times a second.
    ///
    /// - Parameters:
    ///   - position: Position in the recording up to which the work is done.
    ///   - end: Where the work will end, where that is known.
    ///   - subject: Position of the subject in a request for predictions.
    func progress(to position: MediaTime, end: MediaTime? = nil, subject: Int? = nil) {
        let now = ContinuousClock.now
        let isDue = lastReport.time.withLock { time in
            if let last = time, now - last < Self.reportInterval { return false }
            time = now
            return true
        }
        if isDue { emit(.progress(WorkerProgress(position: position, end: end, subject: subject))) }
    }

    /// Ends the request with an error when it was cancelled.
    func checkCancellation() throws {
        if interrupt.isCancelled { throw WorkerFailure(code: .cancelled, message: "the request was given up") }
    }

    /// Size and SHA-256 of a file.
    func digest(ofFile path: String) throws -> FileDigest {
        do {
            return try FileDigest(ofFile: path) { try interrupt.check() }
        } catch let error as Errno {
            throw MediaError(.cannotOpen, "\(path) cannot be read again to compute its checksum.", cause: "\(error)")
        }
    }

    private final class LastReport: Sendable {
        let time = Mutex<ContinuousClock.Instant?>(nil)
    }
}
