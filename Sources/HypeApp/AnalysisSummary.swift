import Foundation
import HypeCore
import HypeMoments

/// The result of an analysis in a few lines for a person.
package struct AnalysisSummary: Sendable {
    private let document: AnalysisDocument
    private let folder: String

    /// Creates a summary.
    ///
    /// - Parameters:
    ///   - document: What was found.
    ///   - folder: Where it was written.
    package init(document: AnalysisDocument, folder: String) {
        self.document = document
        self.folder = folder
    }

    /// The lines, without a final newline.
    package var text: String {
        var lines = document.warnings.map { "note: \($0)" }
        if !lines.isEmpty { lines.append("") }
        lines.append(headline)
        for clip in document.clips {
            let kinds = clip.trigger.kinds.map(\.rawValue).joined(separator: " + ")
            let file = clip.files.video?.path ?? "(not cut)"
            lines.append(
                "  \(position(clip.start))–\(position(clip.end))  \(folder)/\(file)  \(kinds)  \(clip.title)"
            )
        }
        let misses = document.moments.count { $0.decision == .nearMiss }
        lines.append("Camera: \(document.camera).")
        if let chat = document.chat {
            lines.append(
                "Chat: \(chat.messages) messages (\(chat.format)), reacting \(Int(chat.lag.lag.inSeconds.rounded())) s late."
            )
        }
        lines.append("Near misses: \(misses). Everything with its reasons: \(folder)/report.html")
        return lines.joined(separator: "\n")
    }

    private var headline: String {
        let count = document.clips.count
        let clips = count == 0 ? "No clips" : count == 1 ? "1 clip" : "\(count) clips"
        let speed = Int(document.timings.speed.rounded())
        return "\(clips) from \(position(MediaTime(seconds: document.duration))) of recording, "
            + "in \(String(format: "%.1f", document.timings.total)) s (\(speed)x real time)"
    }

    private func position(_ time: MediaTime) -> String {
        let seconds = Int(time.seconds.rounded(.down))
        let minutes = String(format: "%02d:%02d", seconds / 60 % 60, seconds % 60)
        return seconds >= 3600 ? "\(seconds / 3600):\(minutes)" : minutes
    }
}
