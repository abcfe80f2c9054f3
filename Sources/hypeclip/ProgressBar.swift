import Foundation
import HypeApp
import Synchronization

/// Shows how far the work has come, on standard error.
///
/// On a terminal one line is redrawn; elsewhere a line is printed at each tenth.
final class ProgressBar: Sendable {
    private struct State {
        var lastDrawn: ContinuousClock.Instant?
        var lastTenth = -1
        var width = 0
    }

    private let started = ContinuousClock.now
    private let isTerminal: Bool
    private let patience: Duration
    private let state = Mutex(State())

    /// Creates a bar.
    ///
    /// - Parameters:
    ///   - isTerminal: Whether standard error is a terminal.
    ///   - isPatient: Whether work that is done within a second shows no bar at all.
    init(isTerminal: Bool = isatty(STDERR_FILENO) == 1, isPatient: Bool = false) {
        self.isTerminal = isTerminal
        patience = isPatient ? .seconds(1) : .zero
    }

    /// Draws the state of an analysis; cheap enough to be called for every message.
    func update(_ progress: AnalysisProgress) {
        draw(progress.fraction) { Self.line(progress, elapsed: $0) }
    }

    /// Draws how many files are done; cheap enough to be called for every file.
    func update(_ progress: FileProgress) {
        draw(progress.fraction) { Self.line(progress, elapsed: $0) }
    }

    /// Draws how much of a file has come; cheap enough to be called for every piece.
    func update(_ progress: PullProgress) {
        let fraction = progress.total > 0 ? Double(progress.bytes) / Double(progress.total) : 1
        draw(fraction) { _ in Self.line(progress, fraction: fraction) }
    }

    private func draw(_ fraction: Double, line: (Duration) -> String) {
        let now = ContinuousClock.now
        guard now - started >= patience else { return }
        state.withLock { state in
            if isTerminal {
                if let last = state.lastDrawn, now - last < .milliseconds(80), fraction < 1 { return }
                state.lastDrawn = now
                let line = line(now - started)
                let padding = String(repeating: " ", count: max(0, state.width - line.count))
                state.width = line.count
                Self.write("\r" + line + padding)
            } else {
                let tenth = Int(fraction * 10)
                guard tenth > state.lastTenth else { return }
                state.lastTenth = tenth
                Self.write(line(now - started) + "\n")
            }
        }
    }

    /// Takes the bar away, so that other text can be printed.
    func clear() {
        state.withLock { state in
            state.lastTenth = -1
            guard isTerminal, state.width > 0 else { return }
            Self.write("\r" + String(repeating: " ", count: state.width) + "\r")
            state.width = 0
        }
    }

    /// One line: stage, bar, percent, speed as a multiple of real time, time left.
    static func line(_ progress: AnalysisProgress, elapsed: Duration) -> String {
        line(progress.stage, fraction: progress.fraction, elapsed: elapsed) { fraction, seconds in
            let length = Double(progress.duration.components.seconds)
            return "\(Int(length * fraction / seconds))x".leftPadded(to: 5)
        }
    }

    /// One line: count, bar, percent, files per second, time left.
    static func line(_ progress: FileProgress, elapsed: Duration) -> String {
        let name = progress.total == 1 ? "judging" : "\(progress.done) of \(progress.total) files"
        return line(name, fraction: progress.fraction, elapsed: elapsed) { _, seconds in
            if progress.total == 1 { return "" }
            let speed = Double(progress.done) / seconds
            return "\(speed < 10 ? String(format: "%.1f", speed) : "\(Int(speed))") files/s".leftPadded(to: 12)
        }
    }

    /// One line: model, bar, percent, bytes that are there of all.
    static func line(_ progress: PullProgress, fraction: Double) -> String {
        bar(progress.model, fraction: min(1, max(0, fraction)))
            + "  \(ByteText.size(progress.bytes)) of \(ByteText.size(progress.total))"
    }

    private static func line(
        _ name: String,
        fraction: Double,
        elapsed: Duration,
        speed: (_ fraction: Double, _ seconds: Double) -> String
    ) -> String {
        let fraction = min(1, max(0, fraction))
        var line = bar(name, fraction: fraction)
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        if fraction > 0.01, seconds > 0.2 {
            line += "  " + speed(fraction, seconds)
            let left = Int((seconds * (1 - fraction) / fraction).rounded())
            line += "  \(left / 60):\(String(left % 60).leftPadded(to: 2, with: "0")) left"
        }
        return line
    }

    private static func bar(_ name: String, fraction: Double) -> String {
        let filled = Int((fraction * 24).rounded())
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        return "\(name.padding(toLength: max(18, name.count), withPad: " ", startingAt: 0)) \(bar) "
            + "\(Int(fraction * 100))%".leftPadded(to: 4)
    }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}

extension String {
    fileprivate func leftPadded(to width: Int, with character: Character = " ") -> String {
        String(repeating: character, count: max(0, width - count)) + self
    }
}
