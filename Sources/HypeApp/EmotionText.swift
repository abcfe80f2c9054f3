import Foundation
import HypeCore

/// The emotion of files for a person at a terminal.
package struct EmotionText: Sendable {
    /// Columns of a bar that stands for certainty.
    private static let barWidth = 30

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
        if let emotion = result.emotion {
            lines.append("  " + headline(result))
            lines += Self.bars(emotion)
        } else {
            lines.append("  abstains: \(result.reason ?? "nothing could be judged")")
        }
        if let voice = result.voice {
            lines.append(
                String(format: "  voice: %.1f s of speech, arousal %.2f", voice.speechSeconds, voice.arousal)
            )
        }
        for (index, face) in result.faces.enumerated() {
            let region = face.region
            var line = "  face\(result.faces.count > 1 ? " \(index + 1)" : ""): "
            line += "\(region.width)×\(region.height) at \(region.x),\(region.y)"
            line += String(format: ", detector %.2f", face.faceConfidence)
            if index > 0 { line += ", " + Self.short(face.emotion) }
            lines.append(line)
        }
        return (lines + result.notes.map { "  note: \($0)" }).joined(separator: "\n")
    }

    private func headline(_ result: EmotionResult) -> String {
        let confidence = String(format: "%.2f", result.confidence)
        let name = result.dominant?.rawValue ?? ""
        guard result.isAbstained else { return "\(name) (\(confidence))" }
        return "abstains (\(name) \(confidence) < \(String(format: "%.2f", result.threshold ?? 0)))"
    }

    private static func short(_ emotion: EmotionScores) -> String {
        "\(emotion.dominant.rawValue) " + String(format: "%.2f", emotion[emotion.dominant])
    }

    /// One bar per emotion, the same length for the same probability.
    private static func bars(_ emotion: EmotionScores) -> [String] {
        Emotion.basic.map { name in
            let probability = Double(emotion[name])
            let eighths = Int((probability * Double(barWidth * 8)).rounded())
            let tip = eighths % 8 == 0 ? "" : String(["▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8 - 1])
            let bar = String(repeating: "█", count: eighths / 8) + tip
            let label = name.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
            return "    \(label) \(String(format: "%.2f", probability))  \(bar)"
        }
    }
}
