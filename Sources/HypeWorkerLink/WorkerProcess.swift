import Foundation
import Subprocess
import SystemPackage

/// One worker process, from its start to its end.
struct WorkerProcess {
    /// How a worker's life ended.
    enum End: Sendable, CustomStringConvertible {
        case exited(Int32)
        case killedBySignal(Int32)
        case hung(Duration)
        case garbled(String)
        case notStarted(String)

        var description: String {
            switch self {
            case .exited(let code): "exited with code \(code)"
            case .killedBySignal(let signal): "was killed by signal \(signal)"
            case .hung(let limit): "stopped answering for \(limit) and was killed"
            case .garbled(let reason): "sent something unreadable (\(reason)) and was killed"
            case .notStarted(let reason): "could not be started: \(reason)"
            }
        }
    }

    private struct Hang: Error {}

    /// Makes writing to a worker that no longer reads an error.
    ///
    /// By default SIGPIPE would end the control plane, and the time between a worker's death and the news of it is
    /// enough for that.
    private static let brokenPipesAreErrors: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// What keeps the C library from holding on to memory that is free, for a worker that lives for hours.
    ///
    /// By default each thread gets a pool of its own, and what was freed once is no longer given back to the system:
    /// 14 MB of 102 after a minute of a live stream (measured 2026-11-21).
    private static let allocator: [Environment.Key: String?] = [
        "MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "262144", "MALLOC_TRIM_THRESHOLD_": "1048576",
    ]

    /// The same for a worker that does the same thing again and again: it keeps what it will want again at once.
    ///
    /// Getting and giving back the memory of pictures took a tenth of the time of a prediction (2026-11-22).
    private static let keepingAllocator: [Environment.Key: String?] = [
        "MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "33554432", "MALLOC_TRIM_THRESHOLD_": "67108864",
    ]

    let settings: WorkerSettings
    let client: WorkerClient

    /// Runs the process and carries its messages until it ends; a cancelled task ends it.
    ///
    /// - Returns: How it ended.
    func live() async -> End {
        Self.brokenPipesAreErrors
        var fault: End?
        do {
            var options = PlatformOptions()
            // Its own process group: Ctrl-C in a terminal reaches only the control plane, which winds the worker down.
            options.processGroupID = 0
            options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
            let configuration = Configuration(
                executable: .path(FilePath(settings.executable)),
                environment: .inherit.updating(settings.keepsFreeMemory ? Self.keepingAllocator : Self.allocator),
                platformOptions: options
            )
            let outcome = try await Subprocess.run(
                configuration,
                input: .inputWriter,
                output: .sequence,
                error: .sequence
            ) { execution in
                do {
                    try await converse(execution)
                } catch is CancellationError {
                    // The group was wound down by a cancelled task; the teardown below says good-bye.
                } catch is Hang {
                    fault = .hung(settings.silenceLimit)
                    try? execution.send(signal: .kill)
                } catch let error as LinkError {
                    fault = .garbled(error.description)
                    try? execution.send(signal: .kill)
                }
                try? await execution.standardInputWriter.finish()
                await execution.teardown(using: options.teardownSequence)
            }
            if let fault { return fault }
            switch outcome.terminationStatus {
            case .exited(let code): return .exited(code)
            case .signaled(let signal): return .killedBySignal(signal)
            }
        } catch {
            return fault ?? .notStarted("\(error)")
        }
    }

    private func converse(_ execution: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>) async throws {
        // Unbounded, but holds at most one entry per request: the ledger sends each once.
        let (requests, outbox) = AsyncStream<Envelope<WorkerRequest>>.makeStream(bufferingPolicy: .unbounded)
        await client.workerStarted(outbox: outbox)
        defer { outbox.finish() }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                let writer = execution.standardInputWriter
                for await request in requests {
                    // A worker that just died cannot be written to; the reader below notices the end.
                    do { _ = try await writer.write(Array(Frame.encode(request))) } catch is SubprocessError { break }
                }
                try? await writer.finish()
                return false
            }
            group.addTask {
                for try await line in execution.standardError.strings() { await client.logged(line) }
                return false
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(1))
                    if await client.isHung(at: .now) { throw Hang() }
                }
            }
            group.addTask {
                var parser = FrameParser<WorkerEvent>()
                for try await buffer in execution.standardOutput {
                    parser.append(buffer.withUnsafeBytes { Array($0) })
                    while let message = try parser.next() { await client.received(message) }
                }
                return true
            }
            while let readerEnded = try await group.next(), !readerEnded {}
            group.cancelAll()
        }
    }
}
