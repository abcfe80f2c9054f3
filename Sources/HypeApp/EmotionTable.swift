import Foundation
import HypeCore

/// The emotion of many files as CSV (RFC 4180), one row per file.
package enum EmotionTable {
    private static let columns =
        ["file", "kind", "dominant_emotion", "confidence", "threshold", "abstained"] + Emotion.basic.map(\.rawValue)
        + [
            "face_emotion", "voice_emotion", "faces", "speech_seconds", "arousal", "duration", "partial", "reason",
            "error",
        ]

    /// The first line: the names of the columns, with a line end.
    package static var header: String { columns.joined(separator: ",") + "\r\n" }

    /// One line with its end; cells about what is not there are empty.
    package static func row(_ result: EmotionResult) -> String {
        let answer = result.answer
        var cells = [result.file, result.kind ?? "", answer?.dominant.rawValue ?? ""]
        cells += [number(answer?.confidence), number(answer?.threshold)]
        cells.append(result.error == nil ? "\(result.isAbstained)" : "")
        cells += Emotion.basic.map { name in number(answer.map { Double($0.emotion[name]) }) }
        let face = result.tracks.first?.emotion ?? result.faces.first?.emotion
        cells += [face?.dominant.rawValue ?? "", result.voice?.emotion.dominant.rawValue ?? ""]
        cells.append(result.error == nil ? "\(Set(result.faces.map(\.track)).count)" : "")
        cells += [number(result.voice?.speechSeconds), number(result.voice?.arousal)]
        cells.append(number(result.error == nil ? result.duration : nil))
        cells.append(result.error == nil ? "\(!result.unfinished.isEmpty)" : "")
        cells += [result.reason ?? "", result.error ?? ""]
        return cells.map(quoted).joined(separator: ",") + "\r\n"
    }

    private static func number(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "" }

    private static func quoted(_ cell: String) -> String {
        guard cell.contains(where: { ",\"\n\r".contains($0) || $0 == "\r\n" }) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
}
