import Foundation
import HypeCore
import HypeWorkerLink
import Synchronization

/// A worker process and the conversation with it.
final class WorkerUnderTest: Sendable {
    private struct State {
        var events: [(request: UInt64, event: WorkerEvent)] = []
        var last: UInt64 = 0
        var isClosed = false
    }

    /// How long anything may take.
    private static let patience = Duration.seconds(90)

    private let process: Mutex<Process>
    private let input: FileHandle
    private let processID: Int32
    private let state = Mutex(State())
    private let news = NSCondition()

    init() throws {
        let bundle = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        let process = Process()
        process.executableURL = bundle.deletingLastPathComponent().appending(path: "hypeclip-worker")
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        processID = process.processIdentifier
        self.process = Mutex(process)
        self.input = input.fileHandleForWriting
        let reading = output.fileHandleForReading.fileDescriptor
        Thread { [self] in
            listen(to: reading)
            withExtendedLifetime(output) {}
        }.start()
        let folders = [LiveMedia.repository + "/Models", LiveMedia.repository + "/.deps/models"]
        try write(0, .hello(WorkerHello(modelFolders: folders)))
        _ = try result(of: 0)
    }

    /// Asks something.
    func send(_ request: WorkerRequest) throws -> UInt64 {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        try write(number, request)
        return number
    }

    /// Gives a request up.
    func cancel(_ number: UInt64) throws { _ = try send(.cancel(request: number)) }

    /// Waits for the last word on a request.
    func result(of number: UInt64) throws -> WorkerResult? {
        var answer: Result<WorkerResult, WorkerFailure>?
        try self.await { events in
            for (request, event) in events where request == number {
                if case .finished(let result) = event { answer = .success(result) }
                if case .failed(let failure) = event { answer = .failure(failure) }
            }
            return answer != nil
        }
        return try answer?.get()
    }

    /// What was said about a request.
    func events(of number: UInt64) -> [WorkerEvent] {
        state.withLock { $0.events.filter { $0.request == number }.map(\.event) }
    }

    /// What was observed for a request.
    func observations(of number: UInt64) -> [Observation] {
        events(of: number).flatMap { event in
            if case .observations(let observations) = event { observations } else { [Observation]() }
        }
    }

    /// Waits until what was said fulfils a condition.
    func await(_ condition: ([(request: UInt64, event: WorkerEvent)]) -> Bool) throws {
        let limit = ContinuousClock.now + Self.patience
        news.lock()
        defer { news.unlock() }
        while !condition(state.withLock { $0.events }) {
            let isClosed = state.withLock { $0.isClosed }
            guard ContinuousClock.now < limit, !isClosed else {
                throw WorkerFailure(code: .other, message: isClosed ? "the worker is gone" : "nothing came in time")
            }
            _ = news.wait(until: Date(timeIntervalSinceNow: 1))
        }
    }

    /// Kills the process without a warning.
    func kill() {
        Foundation.kill(processID, SIGKILL)
        process.withLock { $0.waitUntilExit() }
    }

    /// Closes the conversation and waits for the process.
    func close() throws {
        try input.close()
        process.withLock { $0.waitUntilExit() }
    }

    private func write(_ number: UInt64, _ request: WorkerRequest) throws {
        try input.write(contentsOf: Frame.encode(Envelope(request: number, body: request)))
    }

    private func listen(to descriptor: Int32) {
        var parser = FrameParser<WorkerEvent>()
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { break }
            parser.append(chunk[..<count])
            while let message = try? parser.next() {
                tell { $0.events.append((message.request, message.body)) }
            }
        }
        tell { $0.isClosed = true }
    }

    private func tell(_ change: (inout State) -> Void) {
        news.lock()
        state.withLock { change(&$0) }
        news.broadcast()
        news.unlock()
    }
}
