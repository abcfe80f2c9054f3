import Foundation
package import HypeCore

/// The emotion of files for a person at a terminal.
package struct EmotionText: Sendable {
    /// Columns of a bar that stands for certainty.
    private static let barWidth = 30
    /// Clips and faces that are listed at most.
    private static let listLimit = 30

    private let results: [EmotionResult]

    /// Creates a text.
    ///
    /// - Parameter results: What was found, in the order of the files.
    package init(_ results: [EmotionResult]) {
        self.results = results
    }

    /// One block per file that could be read, without a final newline.
    package var text: String {
        results.filter { $0.error == nil }.map(block).joined(separator: "\n\n")
    }

    private func block(_ result: EmotionResult) -> String {
        var lines = [result.file]
        if let answer = result.answer {
            lines.append("  " + Self.headline(answer) + Self.sources(result))
            lines += Self.bars(answer.emotion)
        } else {
            lines.append("  abstains: \(result.reason ?? "nothing could be judged")")
        }
        if let voice = result.voice {
            let told = result.faces.isEmpty ? "" : ": " + Self.short(voice.emotion)
            lines.append(
                "  voice\(told)"
                    + String(format: "\(told.isEmpty ? ":" : ",") %.1f s of speech", voice.speechSeconds)
                    + String(format: ", arousal %.2f", voice.arousal)
            )
        }
        lines += result.kind == "picture" ? Self.pictureFaces(result) : Self.tracks(result)
        lines += Self.clips(result)
        lines += Self.video(result)
        lines += result.attention.map(AttentionText.lines) ?? []
        if result.answer != nil, result.kind == "video" {
            lines += result.missing.sorted { $0.key < $1.key }.map { "  no \($0.key): \($0.value)" }
        }
        lines += result.explanation.compactMap { $0.path.map { "  see \($0)" } }
        lines += result.unfinished.map { "  partial: \($0)" }
        return (lines + result.notes.map { "  note: \($0)" }).joined(separator: "\n")
    }

    private static func headline(_ answer: EmotionResult.Answer) -> String {
        let confidence = String(format: "%.2f", answer.confidence)
        guard answer.isAbstained else { return "\(answer.dominant.rawValue) (\(confidence))" }
        return "abstains (\(answer.dominant.rawValue) \(confidence) < " + String(format: "%.2f)", answer.threshold)
    }

    /// What the answer of a file with face and voice is from.
    private static func sources(_ result: EmotionResult) -> String {
        guard result.fusion != nil, let share = result.answer?.faceShare else { return "" }
        if share >= 1 { return ", by the face; the voice is unsure" }
        if share <= 0 { return ", by the voice; the face is unsure" }
        return ", by face and voice"
    }

    private static func short(_ emotion: EmotionScores) -> String {
        "\(emotion.dominant.rawValue) " + String(format: "%.2f", emotion[emotion.dominant])
    }

    // MARK: Faces and clips

    private static func pictureFaces(_ result: EmotionResult) -> [String] {
        let isSeveral = result.faces.count > 1
        return listed(result.faces, named: "faces") { face in
            var line = "  face\(isSeveral ? " \(face.track)" : ""): " + place(face.region)
            line += String(format: ", detector %.2f", face.faceConfidence)
            return face.track > 1 ? line + ", " + short(face.emotion) : line
        }
    }

    private static func tracks(_ result: EmotionResult) -> [String] {
        listed(result.tracks, named: "faces") { track in
            var line = "  face\(result.tracks.count > 1 ? " \(track.track)" : ""): " + short(track.emotion)
            line += String(format: ", %.1f–%.1f s", track.start, track.end)
            if let face = result.faces.first(where: { $0.track == track.track }) { line += ", " + place(face.region) }
            return line
        }
    }

    private static func clips(_ result: EmotionResult) -> [String] {
        guard result.clips.count > 1 else { return [] }
        return listed(result.clips, named: "clips") { clip in
            var line = String(format: "  %6.1f–%.1f s  ", clip.start, clip.end)
            line += clip.answer.map(headline) ?? "nobody"
            let parts = [
                clip.face.map { "face \(short($0.emotion))" }, clip.voice.map { "voice \(short($0.emotion))" },
            ]
            let told = parts.compactMap { $0 }
            return told.isEmpty || result.fusion == nil ? line : line + "  (" + told.joined(separator: ", ") + ")"
        }
    }

    private static func video(_ result: EmotionResult) -> [String] {
        guard let video = result.video else { return [] }
        return ["  \(video.model):"]
            + listed(video.clips, named: "clips") { clip in
                let answers = clip.top.prefix(3).map { "\($0.label) " + String(format: "%.2f", $0.probability) }
                let line = String(format: "  %6.1f–%.1f s  ", clip.start, clip.end)
                return line + (clip.isAbstained ? "abstains: " : "") + answers.joined(separator: ", ")
            }
    }

    private static func listed<Item>(_ items: [Item], named name: String, line: (Item) -> String) -> [String] {
        let shown = items.prefix(listLimit).map(line)
        guard items.count > listLimit else { return shown }
        return shown + ["  … and \(items.count - listLimit) more \(name); --json has all of them"]
    }

    private static func place(_ region: PixelRegion) -> String {
        "\(region.width)×\(region.height) at \(region.x),\(region.y)"
    }

    /// One bar per emotion, the same length for the same probability.
    private static func bars(_ emotion: EmotionScores) -> [String] {
        Emotion.basic.map { "    " + bar($0, Double(emotion[$0]), width: barWidth) }
    }

    /// Name, probability and a bar for it.
    ///
    /// - Parameters:
    ///   - emotion: The emotion.
    ///   - probability: Its probability, 0…1.
    ///   - width: Columns of the bar that stands for certainty.
    /// - Returns: One line.
    package static func bar(_ emotion: Emotion, _ probability: Double, width: Int) -> String {
        let eighths = Int((min(1, max(0, probability)) * Double(width * 8)).rounded())
        let tip = eighths % 8 == 0 ? "" : String(["▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8 - 1])
        let bar = String(repeating: "█", count: eighths / 8) + tip
        let label = emotion.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        return "\(label) \(String(format: "%.2f", probability))  \(bar)"
    }
}
