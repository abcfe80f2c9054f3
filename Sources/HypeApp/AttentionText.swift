import Foundation
package import HypeCore

/// Attention and drowsiness for a person at a terminal.
package enum AttentionText {
    /// The measures of a film and its alerts.
    ///
    /// - Parameter attention: What was measured.
    /// - Returns: Lines, indented.
    static func lines(_ attention: EmotionResult.Attention) -> [String] {
        guard let summary = attention.summary else { return ["  attention: no pictures"] }
        let share = attention.pictures > 0 ? Double(attention.seen) / Double(attention.pictures) : 0
        var lines = ["  attention: \(line(summary)); face in \(percent(share)) of the pictures"]
        lines += attention.alerts.map { "    " + line($0) }
        return lines
    }

    /// The gauges in one line.
    package static func line(_ summary: AttentionSummary) -> String {
        var parts = [
            summary.reason.map { "\(summary.verdict.rawValue) (\($0))" }
                ?? ([summary.verdict.rawValue] + summary.active.map(\.rawValue)).joined(separator: " ")
        ]
        if let perclos = summary.perclos { parts.append("PERCLOS \(percent(perclos))") }
        if let rate = summary.blinkRate { parts.append(String(format: "%.0f blinks a minute", rate)) }
        if summary.yawns > 0 { parts.append("\(summary.yawns) yawn\(summary.yawns == 1 ? "" : "s")") }
        if let openness = summary.openness { parts.append("eyes \(percent(openness)) open") }
        if let angle = summary.gazeAngle { parts.append(String(format: "gaze %.0f° off", angle)) }
        if let pose = summary.pose { parts.append(String(format: "head %.0f°, %.0f°", pose.yaw, pose.pitch)) }
        return parts.joined(separator: ", ")
    }

    /// An alert in one line.
    package static func line(_ alert: AttentionAlert) -> String {
        let phase =
            switch alert.phase {
            case .begun: "begins"
            case .cleared: "is over"
            case .unobserved: "can no longer be seen"
            }
        return String(format: "%.2f s  ", alert.time.seconds) + "\(alert.kind.rawValue) \(phase): \(alert.explanation)"
    }

    private static func percent(_ share: Double) -> String { String(format: "%.0f %%", share * 100) }
}
