import Foundation
import HypeCore
import HypeMoments
import HypeReport

/// Fills the report page with what an analysis found.
struct ReportMaker: Sendable {
    let document: AnalysisDocument
    let made: [ClipMaker.Made]
    let observations: [Observation]

    /// The page.
    var html: String {
        let settings = document.settings
        return ReportPage(
            ReportDocument(
                name: document.recording.name,
                interval: MediaInterval(seconds: 0..<document.duration),
                media: document.recording.media,
                observations: observations,
                chatLag: settings.chatLag,
                thresholds: Dictionary(uniqueKeysWithValues: SignalKind.allCases.map { ($0, settings[$0].open) }),
                moments: document.moments,
                clips: made.compactMap(clip),
                warnings: document.warnings,
                facts: facts,
                elapsed: duration(document.timings.total),
                timings: timings,
                settings: MomentSettings.fields.map(setting),
                generator: "hypeclip"
            )
        ).render()
    }

    private func clip(_ made: ClipMaker.Made) -> ReportDocument.Clip? {
        guard let file = made.clip.files.video else { return nil }
        return ReportDocument.Clip(
            plan: made.plan,
            file: file.path,
            thumbnail: made.thumbnail,
            bytes: Int(file.bytes)
        )
    }

    private var facts: [ReportDocument.Fact] {
        var facts = [ReportDocument.Fact("Camera", document.camera)]
        if let chat = document.chat {
            facts.append(.init("Chat log", "\(chat.format), \(chat.messages) messages, \(chat.unreadable) unreadable"))
            let origin = chat.lag.confidence > 0 ? "estimated from \(chat.lag.bursts) bursts" : "assumed"
            facts.append(.init("Chat lag", "\(String(format: "%.1f", chat.lag.lag.inSeconds)) s, \(origin)"))
        }
        facts.append(.init("Faces looked at", "\(Int(document.timings.facesWatched)) s of \(Int(document.duration)) s"))
        return facts
    }

    private var timings: [ReportDocument.Timing] {
        let timings = document.timings
        return [
            .init("Finding the camera", duration(timings.camera)), .init("Listening", duration(timings.voice)),
            .init("Watching", duration(timings.faces)), .init("Cutting", duration(timings.clips)),
        ]
    }

    private func setting(_ field: MomentSettings.Field) -> ReportDocument.Setting {
        let value = String(format: "%g", field.value(in: document.settings))
        return .init(
            key: field.key,
            value: field.unit.isEmpty ? value : "\(value) \(field.unit)",
            summary: field.summary
        )
    }

    private func duration(_ seconds: Double) -> Duration { MediaTime(seconds: seconds) - .zero }
}
