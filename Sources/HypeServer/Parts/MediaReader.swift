package import Foundation
package import HypeCore

/// Looks into uploaded media on behalf of clients; the work is done in other processes.
package protocol MediaReader: Sendable {
    /// What a file contains.
    ///
    /// - Parameter path: Path of a file that was uploaded.
    /// - Returns: Container, length, picture and sound.
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/unreadable`` where it holds no media.
    func probe(path: String) async throws -> MediaInfo
    /// Which emotion files show or sound like. When the task is cancelled, the work on them ends.
    ///
    /// - Parameters:
    ///   - job: The files and what is wanted to know about them.
    ///   - onNews: Called from any task: first with progress when the work begins.
    /// - Returns: The emotion result as a JSON object in UTF-8.
    /// - Throws: ``RequestFailure`` where they cannot be read, where too many wait, or where a model is missing.
    func emotion(of job: EmotionJob, onNews: @escaping @Sendable (EmotionNews) -> Void) async throws -> Data
    /// How much there is to do and how much was done.
    func load() async -> PredictionLoad
}

/// What is told of files while they are read.
package enum EmotionNews: Hashable, Sendable {
    /// The part of the work that is done, 0…1.
    case progress(Double)
    /// Attention rose or fell past a limit.
    case alert(AttentionAlert)
}

/// Files that belong together and whose emotion is wanted.
package struct EmotionJob: Sendable {
    /// How voice and face are joined.
    package enum Fusion: String, Sendable, Codable, CaseIterable {
        case late, early
    }

    /// Path of the sound file, or nil.
    package var audio: String?
    /// Path of the video file, or nil.
    package var video: String?
    /// Path of a picture, or nil.
    package var image: String?
    /// What the client calls the files.
    package var name = ""
    /// Who asks; requests of different clients take turns.
    package var client = ""
    /// How voice and face are joined.
    package var fusion = Fusion.late
    /// How long the answer may take from now on, which is then what is ready; nil for as long as it takes.
    package var deadline: Duration?
    /// Whether the pictures that the nets saw are wanted too.
    package var explains = false
    /// Whether attention and drowsiness of the largest face are measured too.
    package var wantsAttention = false
    /// Identifier of a model of the catalogue to ask instead of the standard ones; nil for those.
    package var model: String?

    /// Creates a job.
    package init(audio: String? = nil, video: String? = nil, image: String? = nil) {
        self.audio = audio
        self.video = video
        self.image = image
    }
}

/// What the workers that read emotions have done and have to do.
package struct PredictionLoad: Hashable, Sendable {
    /// Workers that there should be; 0 where emotions are not read.
    package var workers = 0
    /// Workers that are warm.
    package var ready = 0
    /// Workers that work.
    package var busy = 0
    /// Requests that wait.
    package var waiting = 0
    /// Requests that may wait.
    package var capacity = 0
    /// Mean time of the latest requests in a worker.
    package var meanTime = Duration.zero
    /// Requests that a worker answered.
    package var served = 0
    /// Requests that were turned away because too many waited.
    package var refused = 0
    /// Requests whose client went away.
    package var cancelled = 0
    /// Requests whose deadline passed before anything was ready.
    package var expired = 0
    /// Requests that were tried again after their worker had died.
    package var retried = 0
    /// Requests that were given up because they ended their workers.
    package var guilty = 0
    /// Workers that died.
    package var died = 0
    /// Workers that were replaced because of their age or their memory.
    package var replaced = 0

    /// Creates a load of nothing.
    package init() {}
}
