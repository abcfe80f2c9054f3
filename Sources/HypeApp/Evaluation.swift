import HypeCore
import HypeEvaluation
import HypeWorkerLink

/// Runs the pipeline over labelled files and measures how well it does.
struct Evaluation: Sendable {
    let judge: FileJudge
    let part: EvaluationSelection.Part
    let options: EvaluationOptions

    /// Judges the files and measures.
    ///
    /// - Parameter onProgress: Called with the number of files that are done, from any task.
    /// - Returns: The figures.
    /// - Throws: ``AppFailure``, ``WorkerFailure`` or `CancellationError`.
    func run(onProgress: @escaping @Sendable (Int) -> Void) async throws -> EvaluationDocument {
        let files = part.labeled.files
        let started = ContinuousClock.now
        let verdict = try await judge.judge(files.map { PredictSubject(file: $0.path) }) { onProgress($0.done) }
        let seconds = (ContinuousClock.now - started).inSeconds
        let sorted = Sorted(part, verdict.predictions, modality: options.dataset.modality)
        let reports = EvaluationReport.Kind.allCases.compactMap { kind in
            sorted.trials[kind].flatMap { report($0, kind: kind, models: verdict.models) }
        }
        guard !reports.isEmpty else {
            let reason = sorted.unreadable.first?.reason ?? "no file has one of the labels"
            throw AppFailure(.unreadableInput, "none of the \(files.count) files can be judged: \(reason)")
        }
        return EvaluationDocument(
            reports: reports,
            source: part.name,
            models: verdict.models.map {
                EmotionResult.Model(name: $0.name, version: $0.version, sha256: $0.sha256)
            },
            skipped: part.labeled.skipped,
            unreadable: sorted.unreadable,
            leftOut: part.labeled.foreignLabels,
            taught: part.taught,
            unanswered: Array(sorted.unanswered.prefix(EvaluationDocument.longestList)),
            notes: part.labeled.notes + notes(reports) + verdict.models.compactMap(\.warning),
            seconds: seconds,
            filesPerSecond: seconds > 0 ? Double(files.count) / seconds : 0
        )
    }

    private func report(
        _ trials: [Trial],
        kind: EvaluationReport.Kind,
        models: [ModelIdentity]
    ) -> EvaluationReport? {
        let model = kind.models.lazy.compactMap { name in models.first { $0.name == name } }.first
        return EvaluationReport(
            trials,
            kind: kind,
            classes: EvaluationReport.classes(of: trials.map(\.file), chosen: options.labels, kind: kind),
            threshold: options.threshold ?? model?.threshold ?? 0
        )
    }

    private func notes(_ reports: [EvaluationReport]) -> [String] {
        var notes: [String] = []
        if reports.count > 1 {
            notes.append(
                "The files are \(reports.map(\.kind.noun).joined(separator: " and ")); they are measured apart."
            )
        }
        if part.labeled.strangers > 0 {
            notes.append("\(part.labeled.strangers) files are not named like the collection's and were passed over.")
        }
        for report in reports where report.interval.by == "file" {
            notes.append(
                report.speakers == nil
                    ? "No speakers are given: the interval is over files, and too narrow where people occur repeatedly."
                    : "Fewer than \(EvaluationReport.fewestSpeakers) speakers: the interval is over files, and too "
                        + "narrow, since it cannot know how the next speaker differs."
            )
        }
        return notes
    }
}

/// What became of the files, by kind.
private struct Sorted {
    var trials: [EvaluationReport.Kind: [Trial]] = [:]
    var unreadable: [SkippedFile] = []
    var unanswered: [String] = []

    init(_ part: EvaluationSelection.Part, _ predictions: [FilePrediction], modality: Modality) {
        for (file, prediction) in zip(part.labeled.files, predictions) {
            switch EvaluationAnswer(prediction, of: file.path, modality: modality) {
            case .unreadable(let reason):
                unreadable.append(SkippedFile(file: file.path, reason: reason))
            case .read(let kind, let scores):
                let isTaught = part.taughtPaths.contains(file.path)
                trials[kind, default: []].append(Trial(file: file, scores: scores, isTaught: isTaught))
                if scores == nil { unanswered.append(file.path) }
            }
        }
    }
}
