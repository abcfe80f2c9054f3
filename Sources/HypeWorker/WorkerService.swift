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
    }

    /// Stack of a request's thread in bytes; libavcodec and the nets want more than a thread's usual 512 KiB.
    private static let stackSize = 8 << 20

    private let mailbox: WorkerMailbox
    private let state = Mutex(State())
    private let jobs = DispatchGroup()

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
        jobs.wait()
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
        state.withLock { $0.running[envelope.request] = job.interrupt }
        jobs.enter()
        let thread = Thread { [self] in
            job.emit(answer(envelope.body, job: job, shelf: shelf))
            state.withLock { _ = $0.running.removeValue(forKey: envelope.request) }
            jobs.leave()
        }
        thread.stackSize = Self.stackSize
        thread.start()
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
        case .emotionModels:
            .predicted([try shelf.identity(of: .faceExpression), try shelf.identity(of: .voiceEmotion)])
        case .live, .watchLive, .cutLive:
            throw WorkerFailure(code: .other, message: "this worker cannot watch live streams yet")
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
