import Synchronization

/// How far an analysis has come.
package struct AnalysisProgress: Sendable {
    /// What is being done, in a word or two.
    package var stage: String
    /// Part of the whole work that is done, 0…1; never falls.
    package var fraction: Double
    /// Length of the recording.
    package var duration: Duration
}

/// How many files are done.
package struct FileProgress: Sendable {
    /// Files that are done.
    package var done: Int
    /// All files.
    package var total: Int
    /// How much of the files under way is done, added up: 0 up to their number.
    package var underWay = 0.0

    /// Part of all files that is done, 0…1.
    package var fraction: Double { min(1, (Double(done) + underWay) / Double(max(1, total))) }
}

/// Adds the progress of steps that run side by side up to one figure.
final class ProgressTally: Sendable {
    /// A step of the analysis.
    enum Step: String, CaseIterable {
        case camera = "finding the camera"
        case voice = "listening"
        case faces = "watching"
        case clips = "cutting clips"

        /// Share of the whole work, measured on 720p recordings; the shares add up to 1.
        var weight: Double {
            switch self {
            case .camera: 0.05
            case .voice: 0.5
            case .faces: 0.35
            case .clips: 0.1
            }
        }
    }

    private struct State {
        var parts: [Step: Double] = [:]
        var highest = 0.0
    }

    private let duration: Duration
    private let report: @Sendable (AnalysisProgress) -> Void
    private let state = Mutex(State())

    /// Creates a tally at zero.
    init(duration: Duration, report: @escaping @Sendable (AnalysisProgress) -> Void) {
        self.duration = duration
        self.report = report
    }

    /// Notes how far one step has come, 0…1.
    func set(_ step: Step, _ part: Double) {
        let fraction = state.withLock { state in
            state.parts[step] = min(1, max(state.parts[step] ?? 0, part))
            let sum = Step.allCases.reduce(0) { $0 + $1.weight * (state.parts[$1] ?? 0) }
            state.highest = max(state.highest, sum)
            return state.highest
        }
        report(AnalysisProgress(stage: step.rawValue, fraction: fraction, duration: duration))
    }
}
