import Foundation
import HypeApp
import HypeCore
import Synchronization

/// Shows the emotion of a live face and voice on standard output.
///
/// On a terminal a table of bars is redrawn, face on the left and voice on the right; elsewhere a line is printed
/// whenever the answer changes, and with JSON one object for every reading.
final class EmotionView: Sendable {
    private struct Branch {
        var emotion: EmotionScores?
        var reason = "not seen yet"
        var told: String?
    }

    private struct State {
        var branches: [SignalKind: Branch] = [.face: Branch(), .voice: Branch(reason: "not heard yet")]
        var time = MediaTime.zero
        var loudness: Double?
        var isSpeech = false
        var attention: AttentionSummary?
        var warnings: [String] = []
        var lines = 0
        var lastDrawn: ContinuousClock.Instant?
    }

    /// One reading as a line of JSON.
    private struct Line: Encodable {
        var time: Double
        var kind: String
        var emotion: EmotionScores?
        var dominant: Emotion?
        var region: PixelRegion?
        var arousal: Double?
        var missing: String?
        var attention: AttentionSummary?
        var alert: AttentionAlert?

        enum CodingKeys: String, CodingKey {
            case time, kind, emotion, region, arousal, missing, attention, alert
            case dominant = "dominant_emotion"
        }
    }

    /// Columns of a bar that stands for certainty.
    private static let barWidth = 20
    /// Columns of the left half.
    private static let half = 40
    /// Warnings that stay on the terminal.
    private static let warningLimit = 3

    private let json: Bool
    private let isTerminal: Bool
    private let state = Mutex(State())

    init(json: Bool, isTerminal: Bool) {
        self.json = json
        self.isTerminal = isTerminal && !json
    }

    /// Shows what was seen or heard; may be called from any task.
    func show(_ news: LiveEmotion.News) {
        state.withLock { state in
            if json { return Self.writeJSON(news) }
            Self.take(news, into: &state)
            guard isTerminal else { return Self.tellChanges(&state) }
            if let last = state.lastDrawn, ContinuousClock.now - last < .milliseconds(100) { return }
            Self.draw(&state)
        }
    }

    /// Leaves the last table on the terminal.
    func finish() {
        state.withLock { state in
            if isTerminal { Self.draw(&state) }
        }
    }

    private static func take(_ news: LiveEmotion.News, into state: inout State) {
        switch news {
        case .face(let emotion, _, let time):
            state.branches[.face]?.emotion = emotion
            state.time = max(state.time, time)
        case .voice(let emotion, _, let time):
            state.branches[.voice]?.emotion = emotion
            state.time = max(state.time, time)
        case .missing(let kind, let reason, let time):
            state.branches[kind]?.emotion = nil
            state.branches[kind]?.reason = reason
            state.time = max(state.time, time)
        case .attention(let summary): state.attention = summary
        case .alert(let alert): add(AttentionText.line(alert), to: &state)
        case .level(let loudness, let isSpeech):
            state.loudness = loudness
            state.isSpeech = isSpeech
        case .warning(let text): add(text, to: &state)
        }
    }

    private static func add(_ warning: String, to state: inout State) {
        guard !state.warnings.contains(warning) else { return }
        state.warnings = Array((state.warnings + [warning]).suffix(warningLimit))
    }

    // MARK: Lines

    private static func tellChanges(_ state: inout State) {
        for kind in [SignalKind.face, .voice] {
            guard let branch = state.branches[kind] else { continue }
            let told = branch.emotion?.dominant.rawValue ?? branch.reason
            guard told != branch.told else { continue }
            let confidence = branch.emotion.map { String(format: " %.2f", $0[$0.dominant]) } ?? ""
            write(String(format: "%8.1f s  ", state.time.seconds) + "\(kind.rawValue): \(told)\(confidence)\n")
            state.branches[kind]?.told = told
        }
        for warning in state.warnings { write("! \(warning)\n") }
        state.warnings = []
    }

    private static func writeJSON(_ news: LiveEmotion.News) {
        let line: Line
        switch news {
        case .face(let emotion, let region, let time):
            line = Line(
                time: time.seconds,
                kind: "face",
                emotion: emotion,
                dominant: emotion.dominant,
                region: region
            )
        case .voice(let emotion, let arousal, let time):
            line = Line(
                time: time.seconds,
                kind: "voice",
                emotion: emotion,
                dominant: emotion.dominant,
                arousal: arousal
            )
        case .missing(let kind, let reason, let time):
            line = Line(time: time.seconds, kind: kind.rawValue, missing: reason)
        case .attention(let summary): line = Line(time: summary.time.seconds, kind: "attention", attention: summary)
        case .alert(let alert): line = Line(time: alert.time.seconds, kind: "alert", alert: alert)
        case .level: return
        case .warning(let text): return FileHandle.standardError.write(Data("! \(text)\n".utf8))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let data = try? encoder.encode(line) else { return }
        FileHandle.standardOutput.write(data + Data("\n".utf8))
    }

    // MARK: The table

    private static func draw(_ state: inout State) {
        state.lastDrawn = .now
        var lines = [String(format: "%.0f s", state.time.seconds) + "   Ctrl-C ends"]
        lines.append(pad("face") + "voice" + (state.isSpeech ? ", speech" : ""))
        let (face, voice) = (state.branches[.face] ?? Branch(), state.branches[.voice] ?? Branch())
        for (index, emotion) in Emotion.basic.enumerated() {
            lines.append(pad(cell(face, emotion, index)) + cell(voice, emotion, index))
        }
        if let attention = state.attention { lines.append(AttentionText.line(attention)) }
        lines += state.warnings.map { "! \($0)" }
        if state.lines > 0 { write("\u{1B}[\(state.lines)A\u{1B}[J") }
        write(lines.joined(separator: "\n") + "\n")
        state.lines = lines.count
    }

    private static func cell(_ branch: Branch, _ emotion: Emotion, _ row: Int) -> String {
        guard let scores = branch.emotion else { return row == 0 ? String(branch.reason.prefix(half - 2)) : "" }
        return EmotionText.bar(emotion, Double(scores[emotion]), width: barWidth)
    }

    private static func pad(_ text: String) -> String {
        text + String(repeating: " ", count: max(1, half - text.count))
    }

    private static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
