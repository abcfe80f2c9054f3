import Foundation
import HypeApp
import HypeCore
import Synchronization

/// Shows a live session on standard output.
///
/// On a terminal a few lines at the bottom are redrawn: the session, a bar for each signal, what is out of order. What
/// happens is printed above them. Elsewhere only what happens is printed.
final class LiveView: Sendable {
    private struct Gauge {
        var score: Double?
        var missing: String?
        var seenAt: MediaTime?
    }

    private struct State {
        var session: Session?
        var gauges: [SignalKind: Gauge] = [:]
        var loudness: Double?
        var isSpeech = false
        var parts: [Session.Part] = []
        var moments: [Int: Moment.Decision] = [:]
        var lines = 0
        var lastDrawn: ContinuousClock.Instant?
    }

    private static let barWidth = 24
    /// The quietest sound that the meter shows, in dB of full scale.
    private static let quietest = -60.0
    private static let names: [SignalKind: String] = [.chat: "chat", .voice: "voice", .face: "face"]

    private let isTerminal: Bool
    private let state = Mutex(State())

    init(isTerminal: Bool) {
        self.isTerminal = isTerminal
    }

    /// Shows what happened; may be called from any task.
    func show(_ news: WatchApp.News) {
        state.withLock { state in
            let lines = Self.take(news, into: &state)
            guard isTerminal else {
                for line in lines { Self.write(line + "\n") }
                return
            }
            if lines.isEmpty, let last = state.lastDrawn, ContinuousClock.now - last < .milliseconds(100) { return }
            Self.erase(&state)
            for line in lines { Self.write(line + "\n") }
            Self.draw(&state)
        }
    }

    /// Takes the bars away.
    func finish() {
        state.withLock { state in
            if isTerminal { Self.erase(&state) }
        }
    }

    /// A media time as 1:02:09 or 4:07.
    static func clock(_ time: MediaTime) -> String {
        let seconds = Int(max(0, time.seconds))
        let rest = String(format: "%02d", seconds % 60)
        guard seconds >= 3_600 else { return "\(seconds / 60):\(rest)" }
        return "\(seconds / 3_600):" + String(format: "%02d", seconds / 60 % 60) + ":" + rest
    }

    // MARK: What happened

    /// Takes the news in; gives the lines that tell them.
    private static func take(_ news: WatchApp.News, into state: inout State) -> [String] {
        switch news {
        case .address(let url, let key):
            return ["Server      \(url)", "Stream Key  \(key)", "Waiting for the stream …"]
        case .session(let session):
            defer {
                state.session = session
                state.parts = session.parts ?? []
            }
            return changes(from: state.session, to: session)
        case .signal(let kind, let score, let missing, let time):
            state.gauges[kind] = Gauge(score: score, missing: missing, seenAt: time)
            if let session = state.session, time > session.position { state.session?.position = time }
            return []
        case .level(let loudness, let isSpeech):
            state.loudness = loudness
            state.isSpeech = isSpeech
            return []
        case .spike(let time, let score):
            return ["\(clock(time))  the chat rises (\(number(score)))"]
        case .moment(let moment):
            guard state.moments[moment.id] != moment.decision else { return [] }
            state.moments[moment.id] = moment.decision
            let word = moment.decision == .instant ? "3 of 3" : moment.decision == .clip ? "2 of 3" : "near miss"
            return ["\(clock(moment.core.start))  \(word): \(moment.reason)"]
        case .clip(let clip, let path, let isNew):
            let word = isNew ? "clip" : "better"
            return ["\(clock(clip.start))  \(word): \(clip.title) (\(Int(clip.duration.rounded())) s) \(path)"]
        case .alert(let alert):
            return [AttentionText.line(alert)]
        case .lost(let clip, let reason):
            return ["no clip \(clip): \(reason)"]
        }
    }

    private static func changes(from before: Session?, to session: Session) -> [String] {
        var lines: [String] = []
        if let before, before.state != session.state, session.state == .running { lines.append("The stream is here.") }
        for warning in session.warnings where before?.warnings.contains(warning) != true {
            lines.append("! \(warning)")
        }
        // While it starts, parts are found out about one by one.
        guard before?.state == .running else { return lines }
        for part in session.parts ?? [] {
            let old = before?.parts?.first { $0.name == part.name }
            guard let old, old.state != part.state else { continue }
            lines.append("\(clock(session.position))  \(part.name.rawValue): \(part.reason ?? "back")")
        }
        return lines
    }

    // MARK: The view

    private static func erase(_ state: inout State) {
        guard state.lines > 0 else { return }
        write("\u{1B}[\(state.lines)A\u{1B}[J")
        state.lines = 0
    }

    private static func draw(_ state: inout State) {
        guard let session = state.session else { return }
        state.lastDrawn = .now
        let dot = session.state == .running ? "\u{1B}[31m●\u{1B}[0m live" : "○ \(session.state.rawValue)"
        var lines = [
            "\(session.channel ?? session.source.name)  \(dot)  \(clock(session.position))  "
                + "\(session.clips) \(session.clips == 1 ? "clip" : "clips")"
        ]
        for kind in SignalKind.allCases { lines.append(line(of: kind, state)) }
        let faults = state.parts.filter { $0.state != .ok }.map {
            "\($0.name.rawValue): \($0.reason ?? $0.state.rawValue)"
        }
        if !faults.isEmpty { lines.append("! " + faults.joined(separator: "; ")) }
        let width = terminalWidth
        for line in lines { write(fit(line, width) + "\n") }
        state.lines = lines.count
    }

    private static func line(of kind: SignalKind, _ state: State) -> String {
        let name = (names[kind] ?? kind.rawValue).padding(toLength: 6, withPad: " ", startingAt: 0)
        let gauge = state.gauges[kind]
        guard let score = gauge?.score else {
            return "\(name) \(String(repeating: "·", count: barWidth))  \(gauge?.missing ?? "not seen yet")"
        }
        let filled = Int((min(1, max(0, score)) * Double(barWidth)).rounded())
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled)
        let colour = score >= 0.5 ? "\u{1B}[33m" : ""
        var line = "\(name) \(colour)\(bar)\(colour.isEmpty ? "" : "\u{1B}[0m")  \(number(score))"
        if kind == .voice, let loudness = state.loudness {
            line += "  \(Int(max(quietest, loudness).rounded())) dB\(state.isSpeech ? ", speech" : "")"
        }
        return line
    }

    private static func number(_ value: Double) -> String { String(format: "%.2f", value) }

    /// A line that does not wrap; what does not fit is left out.
    ///
    /// Colours take no room.
    private static func fit(_ line: String, _ width: Int) -> String {
        var room = width
        var result = ""
        var isEscape = false
        for character in line {
            if character == "\u{1B}" { isEscape = true }
            if isEscape {
                result.append(character)
                if character.isLetter { isEscape = false }
                continue
            }
            guard room > 0 else { continue }
            room -= 1
            result.append(character)
        }
        return result
    }

    private static var terminalWidth: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
        return Int(size.ws_col) - 1
    }

    private static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
