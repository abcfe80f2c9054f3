import Foundation
import HypeCatalogue
import HypeCore
import HypeServer
import HypeWorkerLink

/// One question about an emotion, between the words of the API and those of the worker.
struct EmotionAsking: Sendable {
    private let job: EmotionJob
    private let subject: PredictSubject
    private let inventory: ModelInventory

    /// Prepares a question.
    ///
    /// - Throws: ``RequestFailure`` where nothing is named, or a model that is not there.
    init(_ job: EmotionJob, inventory: ModelInventory) throws {
        subject = PredictSubject(audio: job.audio, video: job.video, image: job.image)
        guard !subject.name.isEmpty else {
            throw RequestFailure(.invalid, "Name an upload under audio, video or image, or send a file.")
        }
        self.job = job
        self.inventory = inventory
        try check(job.model)
        if job.wantsAttention { for model in Self.attention { try check(model) } }
    }

    private var fusion: PredictWish.Fusion { job.fusion == .early ? .early : .late }

    /// What the worker is asked.
    ///
    /// - Parameter deadline: What is left of the time; nil for as long as it takes.
    /// - Returns: The message.
    func message(deadline: Duration?) -> WorkerRequest {
        var wish = PredictWish()
        wish.fusion = fusion
        wish.explain = job.explains
        wish.wantsAttention = job.wantsAttention
        if let model = job.model, !Self.standard.contains(model) { wish.videoModel = model }
        wish.deadline = deadline
        return .predict(PredictRequest(subjects: [subject], wish: wish))
    }

    /// Which part of the work is done, 0…1; nil where the worker does not know the length of the media.
    func fraction(_ progress: WorkerProgress) -> Double? {
        guard let end = progress.end, end > .zero else { return nil }
        return min(1, progress.position.seconds / end.seconds)
    }

    /// The result as JSON.
    ///
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/unreadable``.
    func document(_ prediction: FilePrediction, models: [ModelIdentity]) throws -> Data {
        let result = EmotionResult(prediction, file: job.name, models: models, threshold: nil, fusion: fusion)
        // The reason names the path, which is nobody's business.
        if result.error != nil { throw Self.unreadable }
        return try EmotionResult.json([result])
    }

    /// The result where nothing was ready in time.
    func nothing() throws -> Data {
        var result = EmotionResult(file: job.name)
        let milliseconds = Int(((job.deadline ?? .zero).inSeconds * 1000).rounded())
        result.unfinished = ["Nothing was ready within the deadline of \(milliseconds) ms."]
        return try EmotionResult.json([result])
    }

    // MARK: Failures

    /// The models that are asked for emotions anyway.
    private static let standard: Set<String> = ["face-expression", "voice-emotion", "fusion"]
    /// The models that measure attention.
    private static let attention: Set<String> = ["face-landmarks", "iris-landmarks"]
    private static let unreadable = RequestFailure(.unreadable, "The file cannot be read as sound or picture.")

    /// The failure in words that a client may read.
    func failure(_ failure: PoolFailure) -> RequestFailure {
        switch failure {
        case .busy(let time):
            let seconds = Self.seconds(time)
            return RequestFailure(
                .busy,
                "Too many requests wait for the workers. Try again in \(seconds) s.",
                retryAfter: seconds
            )
        case .expired:
            return RequestFailure(.busy, "No worker was free within the deadline.", retryAfter: 1)
        case .guilty:
            return RequestFailure(.unreadable, "The file cannot be read: the workers that tried did not survive it.")
        case .tooLong(let time):
            let seconds = Self.seconds(time)
            return RequestFailure(.unreadable, "The file takes longer than \(seconds) s to read. Send a shorter part.")
        case .worker(let failure):
            return Self.failure(failure, inventory)
        case .closed: return RequestFailure(.unavailable, "The server is about to end. Try again later.")
        }
    }

    /// The failure of a worker in words that a client may read.
    static func failure(_ failure: WorkerFailure, _ inventory: ModelInventory) -> RequestFailure {
        switch failure.code {
        case .unreadableInput, .crashed: RequestFailure(.unreadable, "The file cannot be read as media.")
        case .model: RequestFailure(.unavailable, missing(in: inventory))
        case .output, .cancelled, .version, .other: RequestFailure(.unavailable, "The media worker cannot answer now.")
        }
    }

    /// Which models are missing, and the command that brings them.
    static func missing(in inventory: ModelInventory) -> String {
        let faults = faults(in: inventory)
        guard !faults.isEmpty else { return "A model cannot be used; `hypeclip models verify` says which." }
        let names = faults.joined(separator: ", ")
        return "Missing or damaged: \(names). Bring them with: hypeclip models pull \(faults.joined(separator: " "))"
    }

    private static func faults(in inventory: ModelInventory) -> [String] {
        inventory.items.filter { $0.entry.use == .required && $0.state != .installed }.map(\.entry.id)
    }

    private func check(_ model: String?) throws {
        guard let model else { return }
        guard let item = inventory.items.first(where: { $0.entry.id == model }) else {
            let known = inventory.items.map(\.entry.id).joined(separator: ", ")
            throw RequestFailure(.invalid, "There is no model “\(model)”. There are: \(known).")
        }
        guard item.state == .installed else {
            throw RequestFailure(
                .unavailable,
                "The model \(model) is not installed. Bring it with: hypeclip models pull \(model)"
            )
        }
        guard Self.standard.union(Self.attention).contains(model) || model.hasPrefix("videomae-") else {
            throw RequestFailure(.unsupported, "The model \(model) is not one that can be asked for emotions.")
        }
    }

    /// Whole seconds to wait, 1…60.
    private static func seconds(_ time: Duration) -> Int { min(60, max(1, Int(time.inSeconds.rounded(.up)))) }
}
