import Foundation
import HypeApp
import HypeCatalogue

/// Pulls models one after the other, and goes on where one cannot be had.
struct PullRun: Sendable {
    /// Names of the models; none for all.
    let names: [String]
    let source: ModelPull.Source
    let installation: Installation

    /// What came of it.
    struct Outcome: Sendable {
        var pulled: [ModelPull.Pulled] = []
        var failures: [AppFailure] = []
        var failed: [String: String] = [:]

        /// One line per file, without a final newline.
        var text: String {
            pulled.map { file in
                let what =
                    switch file.origin {
                    case .present: "is there already"
                    case .downloaded: "downloaded"
                    case .copied: "copied"
                    }
                return "\(file.model): \(what), intact: \(file.path) (\(ByteText.size(file.bytes)))"
            }.joined(separator: "\n")
        }

        /// What was done, and what went wrong by model, as one JSON object.
        func json() throws -> Data {
            struct Document: Encodable {
                var pulled: [ModelPull.Pulled]
                var failed: [String: String]
            }
            return try JSONText.encode(Document(pulled: pulled, failed: failed))
        }
    }

    /// Pulls.
    ///
    /// - Parameter bar: Shows how far it has come, or nil.
    /// - Returns: What was brought and what was not.
    /// - Throws: ``AppFailure`` where a folder holds none of the models, or `CancellationError`.
    func perform(bar: ProgressBar?) async throws -> Outcome {
        let pull = ModelPull(
            inventory: installation.inventory,
            destination: URL(filePath: installation.pullFolder),
            source: source
        )
        var outcome = Outcome()
        for entry in try entries(pull) {
            do {
                outcome.pulled += try await pull.pull(entry) { bar?.update($0) }
            } catch let failure as AppFailure {
                outcome.failures.append(failure)
                outcome.failed[entry.id] = failure.message
            }
            bar?.clear()
        }
        return outcome
    }

    private func entries(_ pull: ModelPull) throws -> [CatalogueEntry] {
        if !names.isEmpty { return names.compactMap(ModelCatalogue.entry) }
        switch source {
        case .network: return ModelCatalogue.entries.filter { $0.kind == .optional && pull.offers($0) }
        case .folder(let folder):
            let offered = ModelCatalogue.entries.filter { $0.kind != .shipped && pull.offers($0) }
            guard !offered.isEmpty else {
                throw AppFailure(.failed, "\(folder.path) holds no file of a model in the catalogue.")
            }
            return offered
        }
    }
}
