import Foundation
import HypeApp
import Synchronization

/// The files that `predict` writes while answers come: a table, lines of JSON, pictures.
final class PredictOutput: Sendable {
    private struct State {
        var results: [Int: EmotionResult] = [:]
        var failure: AppFailure?
    }

    private let csv: FileHandle?
    private let jsonl: FileHandle?
    private let evidence: EvidenceFolder?
    private let isOnlyFile: Bool
    private let state = Mutex(State())

    /// Makes the files; those of the same name are replaced.
    init(csv: String?, jsonl: String?, evidence: String?, count: Int) throws {
        self.csv = try csv.map(Self.create)
        self.jsonl = try jsonl.map(Self.create)
        self.evidence = try evidence.map { try EvidenceFolder($0) }
        isOnlyFile = count == 1
        try self.csv?.write(contentsOf: Data(EmotionTable.header.utf8))
    }

    /// Writes what is known about a file; the first failure is kept for the end.
    func take(_ result: EmotionResult, number: Int) {
        state.withLock { state in
            guard state.failure == nil else { return }
            do {
                let result = try evidence?.write(result, number: isOnlyFile ? nil : number + 1) ?? result
                state.results[number] = result
                try csv?.write(contentsOf: Data(EmotionTable.row(result).utf8))
                try jsonl?.write(contentsOf: result.jsonLine())
            } catch let failure as AppFailure {
                state.failure = failure
            } catch {
                state.failure = AppFailure(.failed, "the answers cannot be written: \(error.localizedDescription)")
            }
        }
    }

    /// The results as they were written.
    ///
    /// - Parameter results: All results in the order of the files.
    /// - Returns: The same results, with the paths of what was written.
    /// - Throws: ``AppFailure`` where one could not be written.
    func finish(_ results: [EmotionResult]) throws -> [EmotionResult] {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return results.enumerated().map { state.results[$0] ?? $1 }
        }
    }

    private static func create(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else { throw AppFailure(.failed, "\(path) cannot be written") }
        return file
    }
}
