import Foundation
import HypeCore
import HypeWorkerLink

/// Has the planned clips and their pictures made, and writes their documents.
struct ClipMaker: Sendable {
    /// A clip document with the picture that shows it.
    struct Made: Sendable {
        var clip: Clip
        var plan: ClipPlan
        var thumbnail: Data?
        var warnings: [String] = []
    }

    private static let thumbnailSide = 640

    let client: WorkerClient
    let video: String
    let folder: OutputFolder
    /// Confidence from which on an emotion is named in titles and tags.
    let naming: Double

    /// Makes the clips one after the other; one that fails is reported and does not stop the others.
    ///
    /// - Parameters:
    ///   - plans: What to cut.
    ///   - moments: All moments of the recording.
    ///   - progress: Called with the part that is done, 0…1.
    /// - Returns: A document for each plan.
    /// - Throws: `CancellationError`, or ``AppFailure`` where the folder cannot be written to.
    func make(_ plans: [ClipPlan], moments: [Moment], progress: (Double) -> Void) async throws -> [Made] {
        var made: [Made] = []
        for (index, plan) in plans.enumerated() {
            made.append(try await make(plan, name: Self.name(index + 1), moments: moments))
            progress(Double(index + 1) / Double(plans.count))
        }
        progress(1)
        return made
    }

    /// The name of a clip and its files without ending: `clip-0001`.
    static func name(_ number: Int) -> String { "clip-" + digits(number) }

    /// A clip's number with at least four digits.
    static func digits(_ number: Int) -> String {
        String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
    }

    /// The document of a clip that was not cut yet.
    ///
    /// - Parameters:
    ///   - plan: What it shows.
    ///   - id: Its identifier.
    ///   - moments: Moments of the stream; those that the plan names are taken.
    ///   - naming: Confidence from which on an emotion is named, 0…1.
    /// - Returns: A document whose state is `failed`, and that names no file.
    static func document(of plan: ClipPlan, id: String, moments: [Moment], naming: Double) -> Clip {
        let inside = moments.filter { plan.moments.contains($0.id) }
        let strongest = inside.max { $0.score < $1.score }
        return Clip(
            id: id,
            createdAt: Date(),
            interval: plan.interval,
            plan: plan,
            trigger: Clip.Trigger(
                kinds: SignalKind.allCases.filter { kind in inside.contains { $0.kinds.contains(kind) } },
                score: plan.score,
                rule: plan.decision
            ),
            signals: strongest?.votes ?? [],
            emotions: ClipWords.emotions(of: inside),
            title: ClipWords.title(for: inside, naming: naming),
            hashtags: ClipWords.hashtags(for: inside, naming: naming),
            files: Clip.Files(),
            state: .failed
        )
    }

    /// Makes one clip; its document says `failed` where it could not be cut.
    func make(_ plan: ClipPlan, name: String, moments: [Moment]) async throws -> Made {
        var clip = Self.document(of: plan, id: name, moments: moments, naming: naming)
        var made = Made(clip: clip, plan: plan)
        do {
            let request = CutRequest(path: video, interval: plan.interval, output: folder.file(name + ".mp4"))
            guard case .clip(let report) = try await client.perform(.cut(request)) else { return made }
            clip.start = report.interval.start
            clip.end = report.interval.end
            clip.duration = report.interval.duration.inSeconds
            clip.files.video = Clip.File(
                path: URL(filePath: report.path).lastPathComponent,
                bytes: report.bytes,
                sha256: report.sha256
            )
            clip.state = .saved
            if report.damaged { made.warnings.append("\(name) contains damaged parts of the recording.") }
        } catch let failure as WorkerFailure where failure.code != .cancelled {
            made.warnings.append("\(name) could not be cut: \(failure.message).")
        }
        if clip.state == .saved, let picture = try await picture(at: plan.core.midpoint) {
            let file = name + ".jpg"
            try folder.write(picture.jpeg, to: file)
            clip.files.thumbnail = Clip.File(path: file, bytes: Int64(picture.jpeg.count), sha256: picture.sha256)
            made.thumbnail = picture.jpeg
        }
        made.clip = clip
        return made
    }

    /// A picture of the recording, or nil where it has none.
    private func picture(at time: MediaTime) async throws -> Picture? {
        let request = PictureRequest(path: video, time: time, longestSide: Self.thumbnailSide)
        do {
            guard case .picture(let picture) = try await client.perform(.picture(request)) else { return nil }
            return picture
        } catch let failure as WorkerFailure where failure.code != .cancelled {
            return nil
        }
    }
}
