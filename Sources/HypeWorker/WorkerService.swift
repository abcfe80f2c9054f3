import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import HypeMedia
import HypeWorkerLink
import Synchronization

/// The worker: takes requests off standard input and answers each from a thread of its own.
package final class WorkerService: Sendable {
    private struct State {
        var shelf: Shelf?
        var running: [UInt64: MediaInterrupt] = [:]
        var live: (request: UInt64, session: LiveSession)?
    }

    private let mailbox: WorkerMailbox
    private let state = Mutex(State())
    private let threads = WorkerThreads()

    /// Creates a worker.
    ///
    /// - Parameters:
    ///   - input: File descriptor that requests arrive on.
    ///   - output: File descriptor that events go to.
    package init(input: Int32, output: Int32) {
        mailbox = WorkerMailbox(input: input, output: output)
    }

    /// Serves until the control plane closes the connection.
    ///
    /// - Returns: The exit code of the process.
    package func run() -> Int32 {
        var code: Int32 = 0
        do {
            try mailbox.receive(handle)
        } catch {
            FileHandle.standardError.write(Data("worker: \(error)\n".utf8))
            code = 1
        }
        stop()
        return code
    }

    /// Gives up all requests and waits until their threads have cleaned up after themselves.
    package func stop() {
        for interrupt in state.withLock({ Array($0.running.values) }) { interrupt.cancel() }
        threads.join()
    }

    private func handle(_ envelope: Envelope<WorkerRequest>) {
        switch envelope.body {
        case .hello(let hello):
            greet(hello, request: envelope.request)
        case .cancel(let number):
            state.withLock { $0.running[number]?.cancel() }
        default:
            start(envelope)
        }
    }

    private func greet(_ hello: WorkerHello, request: UInt64) {
        let job = Job(number: request, mailbox: mailbox)
        guard hello.protocolVersion == WorkerHello.currentVersion else {
            let message = "the worker speaks version \(WorkerHello.currentVersion), not \(hello.protocolVersion)"
            job.emit(.failed(WorkerFailure(code: .version, message: message)))
            return
        }
        let shelf = Shelf(modelFolders: hello.modelFolders, inferenceThreads: hello.inferenceThreads)
        state.withLock { $0.shelf = shelf }
        let identity = WorkerIdentity(
            protocolVersion: WorkerHello.currentVersion,
            processID: ProcessInfo.processInfo.processIdentifier
        )
        job.emit(.finished(.welcome(identity)))
    }

    private func start(_ envelope: Envelope<WorkerRequest>) {
        let job = Job(number: envelope.request, mailbox: mailbox)
        guard let shelf = state.withLock({ $0.shelf }) else {
            job.emit(.failed(WorkerFailure(code: .version, message: "the conversation must open with a greeting")))
            return
        }
        if case .live(let request) = envelope.body, !register(request, of: job) {
            let message = "this worker watches a live stream already; start another one for the next"
            job.emit(.failed(WorkerFailure(code: .other, message: message)))
            return
        }
        state.withLock { $0.running[envelope.request] = job.interrupt }
        threads.start("request \(envelope.request)") { [self] in
            let answer = answer(envelope.body, job: job, shelf: shelf)
            state.withLock { state in
                state.running.removeValue(forKey: envelope.request)
                if state.live?.request == envelope.request { state.live = nil }
            }
            job.emit(answer)
        }
    }

    /// Makes a live stream known to the requests that come after it, whichever thread is quicker; one at a time.
    private func register(_ request: LiveRequest, of job: Job) -> Bool {
        let session = LiveSession(request) { notice in
            switch notice {
            case .opened(let streams, let time):
                job.emit(.live(.opened(MediaInfo(live: streams, from: time), from: time)))
            case .waiting(let reason):
                job.emit(.live(.waiting(reason: reason)))
            }
        }
        return state.withLock { state in
            guard state.live == nil else { return false }
            state.live = (job.number, session)
            return true
        }
    }

    /// The live stream that is being watched.
    private func liveSession() throws -> LiveSession {
        guard let session = state.withLock({ $0.live?.session }) else {
            throw WorkerFailure(code: .other, message: "no live stream is being watched")
        }
        return session
    }

    private func answer(_ request: WorkerRequest, job: Job, shelf: Shelf) -> WorkerEvent {
        do {
            return .finished(try perform(request, job: job, shelf: shelf))
        } catch {
            return .failed(WorkerFailure(describing: error))
        }
    }

    private func perform(_ request: WorkerRequest, job: Job, shelf: Shelf) throws -> WorkerResult {
        switch request {
        case .probe(let path): .media(try shelf.recording(path, for: job).file.info)
        case .findCamera(let path, let region): try CameraSearch(job: job, shelf: shelf).run(path, region: region)
        case .listen(let path): try Listening(job: job, shelf: shelf).run(path)
        case .watch(let request): try Watching(job: job, shelf: shelf).run(request)
        case .cut(let request): try Cutting(job: job, shelf: shelf).run(request)
        case .picture(let request): try PictureTaking(job: job, shelf: shelf).run(request)
        case .predict(let request): try Predicting(job: job, shelf: shelf).run(request)
        case .warmUp: try WarmingUp(job: job, shelf: shelf).run()
        case .features(let request): .features(try Featuring(job: job, shelf: shelf).run(request))
        case .emotionModels(let wish): .predicted(try wish.modelFiles.map(shelf.identity))
        case .live: try LiveWatching(job: job, shelf: shelf, session: liveSession()).run()
        case .watchLive(let request):
            try LiveLooking(job: job, shelf: shelf, session: liveSession()).run(request)
        case .cutLive(let request): try LiveCutting(job: job, session: liveSession()).run(request)
        case .diagnose: .diagnosis(Diagnosis(shelf: shelf).lines())
        case .hello, .cancel: .done
        }
    }
}

extension WorkerFailure {
    /// The failure that an error of one of the worker's parts means for the control plane.
    init(describing error: any Error) {
        switch error {
        case let failure as WorkerFailure:
            self = failure
        case let error as MediaError:
            self.init(code: Self.code(for: error.code), message: error.description)
        case let error as InferenceError:
            self.init(code: .model, message: "\(error)")
        case let error as EmotionError:
            self.init(code: .model, message: "\(error)")
        default:
            self.init(code: .other, message: "\(error)")
        }
    }

    private static func code(for code: MediaError.Code) -> Code {
        switch code {
        case .notFound, .directory, .notRegularFile, .permission, .empty, .notMedia, .noStreams, .noVideo, .noAudio,
            .cannotOpen, .cannotDecode, .nothingToCut, .sourceLost:
            .unreadableInput
        case .cannotEncode, .cannotWrite, .diskFull: .output
        case .cancelled: .cancelled
        }
    }
}
