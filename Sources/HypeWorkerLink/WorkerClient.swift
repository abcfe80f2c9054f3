package import Logging

/// Something that reaches the asker while a request is under way.
package enum WorkerUpdate: Sendable {
    /// The worker said something.
    case event(WorkerEvent)
    /// The worker died; the request starts over, and what it emitted so far must be forgotten.
    case restarted
}

/// The control plane's end of the conversation with its worker.
///
/// Requests may be made at any time and from any task. ``run()`` keeps a worker alive for them; when the worker dies,
/// requests are sent again to the next one until they have cost ``WorkerSettings/maximumDeaths`` workers.
package actor WorkerClient {
    private struct Waiter {
        let continuation: CheckedContinuation<WorkerResult, any Error>
        let onUpdate: @Sendable (WorkerUpdate) -> Void
    }

    /// Number of the greeting; requests are numbered from 1.
    private static let greeting: UInt64 = 0

    private let settings: WorkerSettings
    private let logger: Logger
    private var ledger: RequestLedger
    private var backoff: Backoff
    private var waiters: [UInt64: Waiter] = [:]
    private var outbox: AsyncStream<Envelope<WorkerRequest>>.Continuation?
    private var isWelcome = false
    private var refusal: WorkerFailure?
    private var silence: SilenceWatch
    private var lastWords: [String] = []
    /// The worker's process; nil while none has greeted.
    package private(set) var processID: Int32?

    /// Creates a client; nothing is started before ``run()``.
    package init(settings: WorkerSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        self.ledger = RequestLedger(maximumDeaths: settings.maximumDeaths)
        self.backoff = settings.backoff
        self.silence = SilenceWatch(settings: settings, at: .now)
    }

    /// How the worker is.
    package enum Condition: Sendable {
        /// Answers requests.
        case ready
        /// Is being started, or started again.
        case starting
        /// Cannot be used at all.
        case refused(WorkerFailure)
    }

    /// How the worker is now.
    package var condition: Condition {
        if let refusal { return .refused(refusal) }
        return isWelcome ? .ready : .starting
    }

    /// Has a request done.
    ///
    /// - Parameters:
    ///   - request: What to do.
    ///   - awaitsCancelled: Whether, when the task is cancelled, to wait until the worker has let go of the request; one that
    ///     does not within ``WorkerSettings/recallLimit`` is killed.
    ///   - onUpdate: Called in order for everything the worker says before the last word, and after each restart.
    /// - Returns: The answer.
    /// - Throws: ``WorkerFailure`` (with ``WorkerFailure/Code/cancelled`` where the worker let go of it), or
    ///   `CancellationError` when the task is cancelled.
    package func perform(
        _ request: WorkerRequest,
        awaitsCancelled: Bool = false,
        onUpdate: @escaping @Sendable (WorkerUpdate) -> Void = { _ in }
    ) async throws -> WorkerResult {
        if let refusal { throw refusal }
        let number = ledger.add(request)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                waiters[number] = Waiter(continuation: continuation, onUpdate: onUpdate)
                sendWaiting()
            }
        } onCancel: {
            // Not awaited by anyone: the handler cannot suspend, and the actor resumes the waiter above.
            Task {
                if awaitsCancelled { await self.recall(number) } else { await self.abandon(number) }
            }
        }
    }

    /// Keeps a worker alive until the task is cancelled or no worker can be started.
    package func run() async {
        while !Task.isCancelled, refusal == nil {
            let born = ContinuousClock.now
            let end = await WorkerProcess(settings: settings, client: self).live()
            buryWorker(end)
            let pause = backoff.pause(afterLifetime: ContinuousClock.now - born)
            try? await Task.sleep(for: pause)
        }
        let last: any Error = refusal ?? CancellationError()
        refusal = refusal ?? WorkerFailure(code: .cancelled, message: "the worker was stopped")
        for number in waiters.keys.sorted() { settle(number, .failure(last)) }
    }

    /// Keeps one worker alive until it dies or the task is cancelled; afterwards the client is of no use.
    ///
    /// - Returns: Why it cannot be used any more: code ``WorkerFailure/Code/crashed`` where the worker had started.
    package func runOnce() async -> WorkerFailure {
        let end = await WorkerProcess(settings: settings, client: self).live()
        let cause = death(end)
        buryWorker(end)
        let last = refusal ?? cause
        refusal = last
        for number in waiters.keys.sorted() { settle(number, .failure(last)) }
        return last
    }

    private func sendWaiting() {
        guard isWelcome, let outbox else { return }
        if !ledger.isWaiting { silence.asked(at: .now) }
        for envelope in ledger.takeUnsent() { outbox.yield(envelope) }
    }

    private func abandon(_ number: UInt64) {
        ledger.remove(number)
        guard let waiter = waiters.removeValue(forKey: number) else { return }
        outbox?.yield(Envelope(request: number, body: .cancel(request: number)))
        waiter.continuation.resume(throwing: CancellationError())
    }

    private func recall(_ number: UInt64) {
        guard waiters[number] != nil else { return }
        guard ledger.recall(number) else { return abandon(number) }
        silence.recalled(number, at: .now)
        outbox?.yield(Envelope(request: number, body: .cancel(request: number)))
    }

    private func settle(_ number: UInt64, _ result: Result<WorkerResult, any Error>) {
        ledger.remove(number)
        silence.settled(number)
        waiters.removeValue(forKey: number)?.continuation.resume(with: result)
    }
}

// MARK: - What the process reports

extension WorkerClient {
    /// Takes note that a worker runs and greets it.
    func workerStarted(outbox: AsyncStream<Envelope<WorkerRequest>>.Continuation) {
        self.outbox = outbox
        isWelcome = false
        silence = SilenceWatch(settings: settings, at: .now)
        outbox.yield(Envelope(request: Self.greeting, body: .hello(settings.hello)))
    }

    /// Takes in one message of the worker.
    func received(_ envelope: Envelope<WorkerEvent>) {
        silence.heard(at: .now)
        switch envelope.body {
        case .finished(.welcome(let identity)) where envelope.request == Self.greeting:
            guard identity.protocolVersion == settings.hello.protocolVersion else {
                refuse(versionMismatch(identity.protocolVersion))
                return
            }
            isWelcome = true
            silence.greeted()
            processID = identity.processID
            sendWaiting()
        case .failed(let failure) where envelope.request == Self.greeting:
            refuse(failure)
        case .finished(let result):
            settle(envelope.request, .success(result))
        case .failed(let failure):
            settle(envelope.request, .failure(failure))
        case .progress, .observations, .speech, .prediction, .attention, .live, .warning:
            waiters[envelope.request]?.onUpdate(.event(envelope.body))
        }
    }

    /// Keeps the worker's latest log lines for the report of its death.
    func logged(_ line: String) {
        logger.debug("worker log", metadata: ["line": "\(line)"])
        lastWords.append(line)
        if lastWords.count > 20 { lastWords.removeFirst() }
    }

    /// Whether the worker has been silent for too long while it owes an answer.
    func isHung(at now: ContinuousClock.Instant) -> Bool {
        silence.isHung(at: now, owes: ledger.isWaiting, isPreparing: ledger.isWarmingUp)
    }

    private func versionMismatch(_ theirs: Int) -> WorkerFailure {
        WorkerFailure(
            code: .version,
            message: "hypeclip speaks version \(settings.hello.protocolVersion) to its worker, \(settings.executable) "
                + "speaks \(theirs); build both from the same source"
        )
    }

    private func refuse(_ failure: WorkerFailure) {
        refusal = failure
        outbox?.finish()
    }

    private func buryWorker(_ end: WorkerProcess.End) {
        outbox = nil
        isWelcome = false
        processID = nil
        if case .notStarted(let reason) = end {
            refusal = WorkerFailure(
                code: .other,
                message: "the worker \(settings.executable) could not be started: \(reason)"
            )
            return
        }
        let dead = ledger.workerDied()
        if !dead.isEmpty {
            logger.warning("worker lost", metadata: ["end": "\(end)", "requests": "\(dead.count)"])
        }
        for (number, verdict) in dead {
            switch verdict {
            case .retry: waiters[number]?.onUpdate(.restarted)
            case .fail: settle(number, .failure(death(end)))
            }
        }
        lastWords = []
    }

    private func death(_ end: WorkerProcess.End) -> WorkerFailure {
        let words = lastWords.isEmpty ? "" : "; its last words: " + lastWords.suffix(5).joined(separator: " | ")
        return WorkerFailure(code: .crashed, message: "the media worker \(end)\(words)")
    }
}
