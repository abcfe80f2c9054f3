package import Foundation
package import HypeCore

/// Looks into uploaded media on behalf of clients; the work is done in another process.
package protocol MediaReader: Sendable {
    /// What a file contains.
    ///
    /// - Parameter path: Path of a file that was uploaded.
    /// - Returns: Container, length, picture and sound.
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/unreadable`` where it holds no media.
    func probe(path: String) async throws -> MediaInfo
    /// Which emotion a file shows or sounds like.
    ///
    /// - Parameter job: The files.
    /// - Returns: The emotion result as a JSON object in UTF-8.
    /// - Throws: ``RequestFailure`` where it cannot be read or is not supported.
    func emotion(of job: EmotionJob) async throws -> Data
}

/// Files whose emotion is wanted.
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
    /// How voice and face are joined.
    package var fusion: Fusion

    /// Creates a job.
    package init(audio: String? = nil, video: String? = nil, image: String? = nil, fusion: Fusion = .late) {
        self.audio = audio
        self.video = video
        self.image = image
        self.fusion = fusion
    }
}
