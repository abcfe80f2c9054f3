import Foundation
import HypeEmotion
import HypeInference
import HypeMedia
import HypeWorkerLink
import Synchronization

/// What requests share: opened recordings, compiled nets, and analyzers that are free.
final class Shelf: Sendable {
    private struct FileKey: Hashable {
        var path: String
        var size: UInt64
        var modified: Date
    }

    private struct State {
        var recordings: [FileKey: Recording] = [:]
        var core: InferenceCore?
        var faceModels: FaceModels?
        var lastFaceUse = ContinuousClock.now
        var voiceModels: VoiceModels?
        var fusionModels: FusionModels?
        var attentionModels: AttentionModels?
        var videoNet: (file: ModelFile, net: VideoMAENet)?
        var identities: [ModelFile: ModelIdentity] = [:]
    }

    /// Recordings that stay open at most; a transport stream's index is worth keeping, a hundred of them are not.
    private static let recordingLimit = 8

    let locator: ModelLocator
    private let settings: InferenceSettings
    private let state = Mutex(State())

    init(modelFolders: [String], inferenceThreads: Int) {
        locator = ModelLocator(directories: modelFolders.map { URL(filePath: $0) })
        settings = InferenceSettings(threads: inferenceThreads)
    }

    /// A recording, opened once as long as its file does not change.
    func recording(_ path: String, for job: Job) throws -> Recording {
        let key = Self.key(path)
        if let key, let known = state.withLock({ $0.recordings[key] }) { return known }
        let file = try MediaFile(path: path, interrupt: job.interrupt) { job.progress(to: $0) }
        let recording = Recording(file: file)
        guard let key else { return recording }
        state.withLock { state in
            if state.recordings.count >= Self.recordingLimit { state.recordings.removeAll() }
            state.recordings[key] = recording
        }
        return recording
    }

    /// The inference runtime, started at the first use.
    func core() throws -> InferenceCore {
        try state.withLock { state in
            if let core = state.core { return core }
            let core = try InferenceCore(settings: settings)
            state.core = core
            return core
        }
    }

    /// The nets of the face analysis, compiled at the first use.
    func faceModels() throws -> FaceModels {
        state.withLock { $0.lastFaceUse = .now }
        return try kept(\.faceModels) { try FaceModels(core: $0, models: locator) }
    }

    /// Drops the nets of the face analysis where nobody has asked for them for a while; who holds them keeps them.
    ///
    /// They take 20 MB, and a live session may go for hours without a look at the face; compiling them again takes less
    /// than half a second.
    func releaseFaceModels(unusedFor span: Duration) {
        state.withLock { state in
            if ContinuousClock.now - state.lastFaceUse > span { state.faceModels = nil }
        }
    }

    /// The nets of the voice analysis, compiled at the first use.
    func voiceModels() throws -> VoiceModels {
        try kept(\.voiceModels) { try VoiceModels(core: $0, models: locator) }
    }

    /// What joins face and voice, compiled at the first use.
    func fusionModels() throws -> FusionModels {
        try kept(\.fusionModels) { try FusionModels(core: $0, models: locator) }
    }

    /// The nets of the attention measures, compiled at the first use.
    func attentionModels() throws -> AttentionModels {
        try kept(\.attentionModels) { try AttentionModels(core: $0, models: locator) }
    }

    /// A video model, compiled at the first use; one at a time, for they are large.
    ///
    /// - Parameter name: Its name in the catalogue.
    /// - Returns: A model for one thread.
    /// - Throws: ``WorkerFailure`` with code `.model` where there is no such video model; `InferenceError` with the commands
    ///   that bring it where it is not installed.
    func videoModel(_ name: String) throws -> VideoMAEModel {
        guard let file = ModelFile(rawValue: name), ModelFile.videoModels.contains(file) else {
            let known = ModelFile.videoModels.map(\.rawValue).joined(separator: ", ")
            throw WorkerFailure(code: .model, message: "\(name) is no video model. There are: \(known).")
        }
        let core = try core()
        return try state.withLock { state in
            if let known = state.videoNet, known.file == file { return try VideoMAEModel(net: known.net) }
            let net = try VideoMAENet(file: locator.url(of: file), core: core)
            state.videoNet = (file, net)
            return try VideoMAEModel(net: net)
        }
    }

    /// Which file a model is, read at the first use.
    func identity(of model: ModelFile) throws -> ModelIdentity {
        try state.withLock { state in
            if let identity = state.identities[model] { return identity }
            let identity = try ModelIdentity(of: model, in: locator)
            state.identities[model] = identity
            return identity
        }
    }

    /// Nets that are compiled at the first use and kept.
    private func kept<Nets: Sendable>(
        _ place: any WritableKeyPath<State, Nets?> & Sendable,
        compile: (InferenceCore) throws -> Nets
    ) throws -> Nets {
        let core = try core()
        return try state.withLock { state in
            if let nets = state[keyPath: place] { return nets }
            let nets = try compile(core)
            state[keyPath: place] = nets
            return nets
        }
    }

    private static func key(_ path: String) -> FileKey? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let size = attributes[.size] as? UInt64,
            let modified = attributes[.modificationDate] as? Date
        else { return nil }
        return FileKey(path: path, size: size, modified: modified)
    }
}
