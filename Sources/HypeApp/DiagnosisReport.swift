import HypeWorkerLink

/// What `hypeclip doctor` found.
package struct DiagnosisReport: Sendable {
    private let lines: [DiagnosisLine]

    init(lines: [DiagnosisLine]) {
        self.lines = lines
    }

    /// Whether nothing that an analysis needs is missing.
    package var isComplete: Bool { !lines.contains { $0.status == .missing } }

    /// One line per part, without a final newline.
    package var text: String {
        lines.map { "\(mark($0.status))  \($0.subject): \($0.detail)" }.joined(separator: "\n")
    }

    private func mark(_ status: DiagnosisLine.Status) -> String {
        switch status {
        case .ok: "ok      "
        case .degraded: "degraded"
        case .missing: "MISSING "
        case .optional: "optional"
        }
    }
}
