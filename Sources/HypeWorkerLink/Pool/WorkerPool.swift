import HypeCore
package import Logging

/// Warm workers for requests of many clients: bounded, fair, and no request touches another.
///
/// ``PoolSchedule`` decides; this keeps the processes. Each worker has one request at a time. One that dies, hangs or has grown
/// is replaced, and its successor gets requests only when its nets are loaded.
package actor WorkerPool {
    /// What is asked of the pool.
    package struct Request: Sendable {
        /// Who asks; requests of different clients take turns.
        package var client: String
        /// How long the answer may take from now on; nil for as long as it takes.
        package var deadline: Duration?
        /// Makes the message for the worker, given what is left of the deadline.
        package var message: @Sendable (_ left: Duration?) -> WorkerRequest

        /// Creates a request.
        package init(
            client: String,
            deadline: Duration? = nil,
            message: @escaping @Sendable (_ left: Duration?) -> WorkerRequest
        ) {
            self.client = client
            self.deadline = deadline
            self.message = message
        }
    }

    /// What the asker hears before the answer.
    package enum Update: Sendable {
        /// A worker works on it; also after a restart, when what was said so far must be forgotten.
        case started
        /// The worker said something.
        case event(WorkerEvent)
    }

    private struct Job {
        let continuation: CheckedContinuation<WorkerResult, any Error>
        let request: Request
        let submitted: ContinuousClock.Instant
        let onUpdate: @Sendable (Update) -> Void
    }

    private enum Order: Sendable {
        case serve(PoolSchedule.Ticket)
        case retire
    }

    private enum Exit: Sendable {
        case retired
        case died(WorkerFailure)
    }

    private let settings: PoolSettings
    private let logger: Logger
    private var schedule: PoolSchedule
    private var jobs: [PoolSchedule.Ticket: Job] = [:]
    private var desks: [Int: AsyncStream<Order>.Continuation] = [:]
    private var stops: [Int: StopSignal] = [:]
    /// Workers that were found dead before they got their request.
    private var foundDead: Set<Int> = []
    private var fault: WorkerFailure?
    private var modelFault: WorkerFailure?

    /// Creates a pool; nothing is started before ``run()``.
    package init(settings: PoolSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        schedule = PoolSchedule(limits: settings.limits)
    }

    /// What it does and has done.
    package var report: PoolReport { schedule.report }
    /// Why no worker can be started; nil where one can.
    package var failure: WorkerFailure? { schedule.isBroken ? fault : nil }
    /// Why the nets could not be loaded; nil where they could.
    package var modelFailure: WorkerFailure? { modelFault }

    /// Has a request done.
    ///
    /// - Parameters:
    ///   - request: What to do.
    ///   - onUpdate: Called in order for everything that is said before the answer.
    /// - Returns: The answer.
    /// - Throws: ``PoolFailure``, or `CancellationError` when the task is cancelled; then a worker that works on it is told.
    package func perform(
        _ request: Request,
        onUpdate: @escaping @Sendable (Update) -> Void = { _ in }
    ) async throws -> WorkerResult {
        let ticket = schedule.makeTicket()
        guard let deadline = request.deadline else { return try await wait(ticket, request, onUpdate) }
        let grace = settings.grace
        return try await withThrowingTaskGroup(of: WorkerResult?.self) { group in
            group.addTask { try await self.wait(ticket, request, onUpdate) }
            group.addTask {
                try await Task.sleep(for: deadline)
                await self.expire(ticket, evenIfRunning: false)
                try await Task.sleep(for: grace)
                await self.expire(ticket, evenIfRunning: true)
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    /// Keeps the workers alive until the task is cancelled.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<settings.limits.workers {
                group.addTask { await self.attend(worker) }
            }
        }
        apply(schedule.close())
    }

    // MARK: Askers

    private func wait(
        _ ticket: PoolSchedule.Ticket,
        _ request: Request,
        _ onUpdate: @escaping @Sendable (Update) -> Void
    ) async throws -> WorkerResult {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                jobs[ticket] = Job(
                    continuation: continuation,
                    request: request,
                    submitted: .now,
                    onUpdate: onUpdate
                )
                apply(schedule.submit(ticket, of: request.client, within: request.deadline))
            }
        } onCancel: {
            // Not awaited by anyone: the handler cannot suspend, and the actor resumes the asker above.
            Task { await self.cancel(ticket) }
        }
    }

    private func cancel(_ ticket: PoolSchedule.Ticket) {
        apply(schedule.cancel(ticket))
        settle(ticket, .failure(CancellationError()))
    }

    private func expire(_ ticket: PoolSchedule.Ticket, evenIfRunning: Bool) {
        apply(schedule.expire(ticket, evenIfRunning: evenIfRunning))
    }

    private func settle(_ ticket: PoolSchedule.Ticket, _ result: Result<WorkerResult, any Error>) {
        jobs.removeValue(forKey: ticket)?.continuation.resume(with: result)
    }

    private func apply(_ actions: [PoolSchedule.Action]) {
        for action in actions {
            switch action {
            case .start(let ticket, let worker): desks[worker]?.yield(.serve(ticket))
            case .refuse(let ticket, let refusal): settle(ticket, .failure(explain(refusal)))
            case .interrupt(let worker): stops[worker]?.give()
            case .replace(let worker): desks[worker]?.yield(.retire)
            }
        }
    }

    private func explain(_ refusal: PoolSchedule.Refusal) -> PoolFailure {
        switch refusal {
        case .busy(let time): .busy(retryAfter: time)
        case .expired: .expired
        case .guilty: .guilty
        case .broken: .worker(fault ?? WorkerFailure(code: .other, message: "no worker can be started"))
        case .closed: .closed
        }
    }
}

// MARK: - Workers

extension WorkerPool {
    /// Keeps one place of the pool filled with a living worker.
    private func attend(_ worker: Int) async {
        var backoff = settings.worker.backoff
        while !Task.isCancelled {
            let born = ContinuousClock.now
            let exit = await live(worker)
            guard case .died(let failure) = exit, !Task.isCancelled else { continue }
            logger.warning("worker of the pool lost", metadata: ["worker": "\(worker)", "cause": "\(failure.message)"])
            if failure.code == .crashed {
                apply(schedule.lost(worker, isBlamed: foundDead.remove(worker) == nil))
            } else {
                fault = failure
                apply(schedule.broke(worker))
            }
            try? await Task.sleep(for: backoff.pause(afterLifetime: ContinuousClock.now - born))
        }
    }

    /// One worker, from its start to its end.
    private func live(_ worker: Int) async -> Exit {
        let client = WorkerClient(settings: settings.worker, logger: logger)
        // Holds one order at most: the schedule gives a worker the next one after it has done the last.
        let (orders, desk) = AsyncStream.makeStream(of: Order.self, bufferingPolicy: .bufferingOldest(2))
        desks[worker] = desk
        defer { desks[worker] = nil }
        return await withTaskGroup(of: Exit?.self) { group in
            group.addTask { Exit.died(await client.runOnce()) }
            group.addTask { await self.tend(worker, client, orders) }
            var exit = await group.next() ?? nil
            // Where the one who tends it noticed the end first, the process tells why.
            if exit == nil { exit = await group.next() ?? nil }
            group.cancelAll()
            return exit ?? .retired
        }
    }

    /// Warms a worker and hands it its requests; nil where it died.
    private func tend(_ worker: Int, _ client: WorkerClient, _ orders: AsyncStream<Order>) async -> Exit? {
        do {
            _ = try await client.perform(.warmUp)
            modelFault = nil
        } catch let failure as WorkerFailure where failure.code == .model {
            // It can still say so to whoever asks, and read what needs another net.
            modelFault = failure
            logger.warning("a worker of the pool is not warm", metadata: ["cause": "\(failure.message)"])
        } catch let failure as WorkerFailure where failure.code != .crashed && failure.code != .version {
            return .died(failure)
        } catch {
            return nil
        }
        let memory = await memory(of: client)
        apply(schedule.ready(worker, memory: memory))
        for await order in orders {
            switch order {
            case .serve(let ticket): guard await serve(ticket, worker, client) else { return nil }
            case .retire: return .retired
            }
        }
        return nil
    }

    /// Has a worker do a request; returns false where it died over it.
    private func serve(_ ticket: PoolSchedule.Ticket, _ worker: Int, _ client: WorkerClient) async -> Bool {
        guard let job = jobs[ticket] else {
            // Cancelled between the order and now.
            apply(schedule.finished(worker, after: .zero))
            return true
        }
        let stop = StopSignal()
        stops[worker] = stop
        defer { stops[worker] = nil }
        // Whoever kills one worker may have killed all. A file that ended one must not be blamed for another that was dead.
        if schedule.isSuspect(ticket), await isDead(client) {
            foundDead.insert(worker)
            return false
        }
        let begin = ContinuousClock.now
        let message = job.request.message(job.request.deadline.map { max(.zero, $0 - (begin - job.submitted)) })
        job.onUpdate(.started)
        let (result, isLate) = await ask(client, message, stop: stop, onUpdate: job.onUpdate)
        if case .failure(let failure as WorkerFailure) = result, failure.code == .crashed { return false }
        let time = ContinuousClock.now - begin
        switch result {
        case .success(let answer): settle(ticket, .success(answer))
        case .failure(let failure as WorkerFailure):
            settle(ticket, .failure(isLate ? PoolFailure.tooLong(settings.longest) : PoolFailure.worker(failure)))
        case .failure(let error): settle(ticket, .failure(error))
        }
        let memory = await memory(of: client)
        apply(schedule.finished(worker, after: time, memory: memory))
        return true
    }

    /// Waits for a worker's answer; told to stop, or after too long, until it has let go.
    private func ask(
        _ client: WorkerClient,
        _ message: WorkerRequest,
        stop: StopSignal,
        onUpdate: @escaping @Sendable (Update) -> Void
    ) async -> (Result<WorkerResult, any Error>, isLate: Bool) {
        let longest = settings.longest
        return await withTaskGroup(of: Result<WorkerResult, any Error>?.self) { group in
            group.addTask {
                do {
                    let answer = try await client.perform(message, awaitsCancelled: true) { update in
                        if case .event(let event) = update { onUpdate(.event(event)) }
                    }
                    return .success(answer)
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                await stop.wait()
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: longest)
                return nil
            }
            let first = await group.next() ?? nil
            let isLate = first == nil && !stop.isGiven && !Task.isCancelled
            group.cancelAll()
            if let first { return (first, false) }
            for await result in group {
                if let result { return (result, isLate) }
            }
            return (.failure(CancellationError()), isLate)
        }
    }

    /// Whether a worker answers no more, not even that a model is missing.
    private func isDead(_ client: WorkerClient) async -> Bool {
        do {
            _ = try await client.perform(.emotionModels(PredictWish()))
            return false
        } catch {
            return (error as? WorkerFailure)?.code == .crashed
        }
    }

    private func memory(of client: WorkerClient) async -> Int64 {
        await client.processID.map(ProcessMemory.resident) ?? 0
    }
}
