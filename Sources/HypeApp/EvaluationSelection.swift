import Foundation
package import HypeCatalogue
import HypeCore
package import HypeEvaluation

/// The files that an evaluation would judge: read, dealt to folds and checked for people who taught the net.
package struct EvaluationSelection: Sendable {
    /// One collection or manifest.
    package struct Part: Sendable {
        /// What it is called.
        package var name: String
        /// The files and what was left out.
        package var labeled: LabeledFiles
        /// Paths of files that taught a net and are tested all the same.
        package var taughtPaths: Set<String> = []
        /// Files that taught a net and were left out.
        package var taught: EvaluationDocument.TaughtFiles?
    }

    /// The collections, in the order in which they were named.
    package private(set) var parts: [Part]

    /// Reads the sources, deals folds and looks for leaks; decodes nothing.
    ///
    /// - Parameters:
    ///   - options: What is asked for.
    ///   - inventory: Where the descriptions of the nets are, which say who taught them.
    /// - Throws: ``AppFailure``.
    package init(_ options: EvaluationOptions, inventory: ModelInventory) throws {
        do {
            parts = try options.sources.map { try Self.part($0, options) }
            try leaveOutTaught(options, Self.records(in: inventory))
            try deal(options)
            try checkTraining(options)
        } catch let error as EvaluationError {
            switch error.code {
            case .unreadable, .columns, .nothing, .votes: throw AppFailure(.unreadableInput, error.message)
            case .folds, .leak: throw AppFailure(.failed, error.message)
            }
        }
    }

    // MARK: Sources

    private static func part(_ source: EvaluationSource, _ options: EvaluationOptions) throws -> Part {
        var part: Part
        switch source {
        case .manifest(let path):
            part = Part(name: URL(filePath: path).lastPathComponent, labeled: try Manifest.read(path))
        case .dataset(let dataset, let folder):
            var name = dataset.rawValue
            if dataset == .cremaD, options.dataset.labelling != .intended {
                name += " (\(options.dataset.labelling.rawValue))"
            }
            part = Part(name: name, labeled: try dataset.files(in: folder, options: options.dataset))
        }
        if !options.labels.isEmpty { leaveOutOthers(&part.labeled, options.labels) }
        return part
    }

    /// Takes out files whose label was not asked for, before anything is decoded.
    private static func leaveOutOthers(_ labeled: inout LabeledFiles, _ labels: [Emotion]) {
        let isBasic = Emotion.basic.allSatisfy(labels.contains)
        let isWanted = { (file: LabeledFile) in
            labels.contains(file.emotion) || (file.emotion == .calm && isBasic)
        }
        for file in labeled.files where !isWanted(file) {
            labeled.foreignLabels[file.emotion.rawValue, default: 0] += 1
        }
        labeled.files.removeAll { !isWanted($0) }
    }

    // MARK: Folds

    /// Deals the speakers of all sources at once, since somebody may be in several.
    private mutating func deal(_ options: EvaluationOptions) throws {
        let files = parts.flatMap(\.labeled.files)
        let dealt: [LabeledFile]
        if let count = options.folds {
            dealt = try SpeakerFolds.deal(files, into: count)
            if let path = options.foldFile { try Self.write(FoldTable.text(dealt), to: path) }
        } else if let path = options.foldFile {
            dealt = try FoldTable.read(path).assign(files)
        } else {
            return
        }
        var rest = dealt[...]
        for index in parts.indices {
            let count = parts[index].labeled.files.count
            parts[index].labeled.files = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
    }

    private static func write(_ table: String, to path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw AppFailure(
                .failed,
                "\(path) is there already. Leave --folds out to use the folds in it, or name another file."
            )
        }
        do {
            try Data(table.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw AppFailure(.failed, "--fold-file \(path) cannot be written: \(error.localizedDescription)")
        }
    }

    // MARK: Who taught the nets

    private static func records(in inventory: ModelInventory) -> [TrainingRecord] {
        let names = Set(EvaluationReport.Kind.allCases.flatMap(\.models)).sorted()
        return names.compactMap { name in
            inventory.url(of: name + ".json").flatMap { try? Data(contentsOf: $0) }
                .flatMap { TrainingRecord(sidecar: $0) }
        }
    }

    /// Leaves out, or marks, the files of people who taught the net that would judge them.
    private mutating func leaveOutTaught(_ options: EvaluationOptions, _ records: [TrainingRecord]) throws {
        for index in parts.indices {
            var nets: Set<String> = []
            let taught = parts[index].labeled.files.filter { file in
                let kind = file.isPicture ? EvaluationReport.Kind.picture : Self.kind(of: options.dataset.modality)
                let teaching = records.filter { kind.models.contains($0.model) && $0.mayHaveTaught(file) }
                nets.formUnion(teaching.map(\.model))
                return !teaching.isEmpty
            }
            guard !taught.isEmpty else { continue }
            let paths = Set(taught.map(\.path))
            if options.allowsTrained {
                parts[index].taughtPaths = paths
                continue
            }
            let list = EvaluationDocument.TaughtFiles(
                files: taught.count,
                speakers: Set(taught.compactMap(\.speaker)).sorted(),
                models: nets.sorted()
            )
            let count = list.speakers.count
            let who = count == 0 ? "" : count == 1 ? " of 1 speaker" : " of \(count) speakers"
            let what = "\(list.files) files\(who) taught \(list.models.joined(separator: " and "))"
            guard taught.count < parts[index].labeled.files.count else {
                throw AppFailure(
                    .failed,
                    "\(parts[index].name): all \(what), so the figures would say nothing about strangers. "
                        + "Test on other people, or give --allow-trained to measure them all the same, marked."
                )
            }
            parts[index].labeled.files.removeAll { paths.contains($0.path) }
            parts[index].taught = list
            parts[index].labeled.notes.append(
                "\(what) and are left out; --allow-trained measures them too."
            )
        }
    }

    private static func kind(of modality: Modality) -> EvaluationReport.Kind {
        switch modality {
        case .audio: .sound
        case .video: .video
        case .both: .both
        }
    }

    /// Refuses, or marks, people of whom the user says that they taught the net.
    private mutating func checkTraining(_ options: EvaluationOptions) throws {
        guard let path = options.trainedOn else { return }
        let taught = try Manifest.read(path).files
        for index in parts.indices {
            guard let leak = try SpeakerLeak.find(tested: parts[index].labeled.files, taught: taught) else { continue }
            guard options.allowsTrained else {
                throw AppFailure(
                    .failed,
                    "\(parts[index].name) leaks: \(leak.files) files are of speakers that \(path) trains on: "
                        + "\(leak.list). Leave these people out of the test, or give --allow-trained to measure them "
                        + "all the same, marked."
                )
            }
            let speakers = Set(leak.speakers)
            for file in parts[index].labeled.files where file.speaker.map(speakers.contains) ?? false {
                parts[index].taughtPaths.insert(file.path)
            }
        }
    }
}
