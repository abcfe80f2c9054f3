package import Foundation
import HypeCore
package import HypeEvaluation
import HypeWorkerLink

/// Where labelled files come from.
package enum EvaluationSource: Hashable, Sendable {
    /// A CSV file with the columns path and emotion.
    case manifest(String)
    /// A folder of a public collection.
    case dataset(Dataset, folder: String)
}

/// The result of an evaluation: what `evaluate --json` prints.
package struct EvaluationDocument: Sendable {
    /// Figures of each kind of files, pictures first; at least one.
    package var reports: [EvaluationReport]
    /// What was evaluated, in words.
    package var source: String
    /// The models that answered.
    package var models: [EmotionResult.Model]
    /// Files that could not be read, and why.
    package var unreadable: [Unreadable]
    /// Labels that are none of the classes, with the number of their files.
    package var leftOut: [String: Int]
    /// Files without an answer (no face, nobody speaks), at most ``longestList`` of each kind.
    package var unanswered: [String]
    /// What a person should know.
    package var notes: [String]
    /// Wall-clock seconds of the judging.
    package var seconds: Double
    /// Files judged per second.
    package var filesPerSecond: Double

    /// Files that are listed by name at most.
    package static let longestList = 100

    /// A file that could not be read.
    package struct Unreadable: Sendable, Codable {
        /// The file.
        package var file: String
        /// Why, for a person.
        package var reason: String
    }
}

extension EvaluationDocument: Encodable {
    private enum Keys: String, CodingKey {
        case source
        case models
        case unreadable
        case leftOut
        case unansweredFiles
        case notes
        case seconds
        case filesPerSecond
        case picture
        case sound
    }

    /// Writes the figures of one kind at the top, or of both kinds under `picture` and `sound`.
    package func encode(to encoder: any Encoder) throws {
        if reports.count == 1, let only = reports.first {
            try only.encode(to: encoder)
        }
        var container = encoder.container(keyedBy: Keys.self)
        if reports.count > 1 {
            for report in reports {
                try container.encode(report, forKey: report.kind == .picture ? .picture : .sound)
            }
        }
        try container.encode(source, forKey: .source)
        try container.encode(models, forKey: .models)
        try container.encode(unreadable, forKey: .unreadable)
        try container.encode(leftOut, forKey: .leftOut)
        try container.encode(unanswered, forKey: .unansweredFiles)
        try container.encode(notes, forKey: .notes)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(filesPerSecond, forKey: .filesPerSecond)
    }

    /// The document as it is printed: sorted keys, readable.
    ///
    /// - Returns: JSON in UTF-8.
    /// - Throws: What the encoder throws.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}

/// Runs the pipeline over labelled files and measures how well it does.
struct Evaluation: Sendable {
    let judge: FileJudge
    let source: EvaluationSource
    let labels: [Emotion]
    let threshold: Double?

    /// Judges the files and measures.
    ///
    /// - Parameter progress: Called often, from any task.
    /// - Returns: The figures.
    /// - Throws: ``AppFailure``, ``WorkerFailure`` or `CancellationError`.
    func run(progress: @escaping @Sendable (FileProgress) -> Void) async throws -> EvaluationDocument {
        var labeled = try files()
        if !labels.isEmpty { leaveOutOthers(&labeled) }
        let files = labeled.files
        let started = ContinuousClock.now
        let verdict = try await judge.judge(files.map(\.path)) { progress(FileProgress(done: $0, total: files.count)) }
        let seconds = (ContinuousClock.now - started).inSeconds
        let sorted = Sorted(files: files, predictions: verdict.predictions)
        let reports = [
            report(sorted.pictures, kind: .picture, models: verdict.models),
            report(sorted.sounds, kind: .sound, models: verdict.models),
        ].compactMap { $0 }
        guard !reports.isEmpty else {
            let reason = sorted.unreadable.first?.reason ?? "no file has one of the labels"
            throw AppFailure(.unreadableInput, "none of the \(files.count) files can be judged: \(reason)")
        }
        return EvaluationDocument(
            reports: reports,
            source: name,
            models: verdict.models.map {
                EmotionResult.Model(name: $0.name, version: $0.version, sha256: $0.sha256)
            },
            unreadable: sorted.unreadable,
            leftOut: labeled.foreignLabels,
            unanswered: Array(sorted.unanswered.prefix(EvaluationDocument.longestList)),
            notes: labeled.notes + notes(labeled, reports) + verdict.models.compactMap(\.warning),
            seconds: seconds,
            filesPerSecond: seconds > 0 ? Double(files.count) / seconds : 0
        )
    }

    private var name: String {
        switch source {
        case .manifest(let path): URL(filePath: path).lastPathComponent
        case .dataset(let dataset, _): dataset.rawValue
        }
    }

    private func files() throws -> LabeledFiles {
        do {
            return switch source {
            case .manifest(let path): try Manifest.read(path)
            case .dataset(let dataset, let folder): try dataset.files(in: folder)
            }
        } catch let error as EvaluationError {
            throw AppFailure(.unreadableInput, error.message)
        }
    }

    /// Takes out files whose label was not asked for, before anything is decoded.
    private func leaveOutOthers(_ labeled: inout LabeledFiles) {
        let isBasic = Emotion.basic.allSatisfy(labels.contains)
        for file in labeled.files where !labels.contains(file.emotion) && !(file.emotion == .calm && isBasic) {
            labeled.foreignLabels[file.emotion.rawValue, default: 0] += 1
        }
        labeled.files.removeAll { !labels.contains($0.emotion) && !($0.emotion == .calm && isBasic) }
    }

    private func report(
        _ trials: [Trial],
        kind: EvaluationReport.Kind,
        models: [ModelIdentity]
    ) -> EvaluationReport? {
        let model = models.first { $0.name == (kind == .picture ? "face-expression" : "voice-emotion") }
        return EvaluationReport(
            trials,
            kind: kind,
            classes: EvaluationReport.classes(of: trials.map(\.file), chosen: labels, kind: kind),
            threshold: threshold ?? model?.threshold ?? 0
        )
    }

    private func notes(_ labeled: LabeledFiles, _ reports: [EvaluationReport]) -> [String] {
        var notes: [String] = []
        if reports.count > 1 { notes.append("The files are pictures and sound; they are measured apart.") }
        if labeled.strangers > 0 {
            notes.append("\(labeled.strangers) files are not named like the collection's and were passed over.")
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
    var pictures: [Trial] = []
    var sounds: [Trial] = []
    var unreadable: [EvaluationDocument.Unreadable] = []
    var unanswered: [String] = []

    init(files: [LabeledFile], predictions: [FilePrediction]) {
        for (file, prediction) in zip(files, predictions) {
            let scores: EmotionScores?
            switch prediction.outcome {
            case .unreadable(let reason):
                unreadable.append(EvaluationDocument.Unreadable(file: file.path, reason: reason))
                continue
            case .picture(let picture):
                scores = picture.faces.first?.emotion
                pictures.append(Trial(file: file, scores: scores))
            case .sound(let sound):
                scores = sound.voice?.emotion
                sounds.append(Trial(file: file, scores: scores))
            }
            if scores == nil { unanswered.append(file.path) }
        }
    }
}
