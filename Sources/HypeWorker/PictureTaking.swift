import Foundation
import HypeCore
import HypeDigest
import HypeMedia
import HypeWorkerLink

/// Answers `picture`: what is on screen at one instant.
struct PictureTaking {
    let job: Job
    let shelf: Shelf

    func run(_ request: PictureRequest) throws -> WorkerResult {
        let recording = try shelf.recording(request.path, for: job)
        guard recording.file.video != nil else { return .picture(nil) }
        let jpeg = try Thumbnailer(longestSide: request.longestSide).jpeg(
            of: recording.file,
            at: request.time + recording.origin,
            interrupt: job.interrupt
        )
        return .picture(Picture(jpeg: Data(jpeg), sha256: FileDigest.sha256(of: jpeg)))
    }
}
