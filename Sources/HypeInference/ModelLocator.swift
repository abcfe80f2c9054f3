package import Foundation

/// Where model files lie.
package struct ModelLocator: Sendable {
    /// Folders that are searched, in this order.
    package let directories: [URL]

    /// Creates a locator.
    ///
    /// - Parameter directories: Folders to search, first one first: usually the repository's `Models` and the folder
    ///   that `Scripts/bootstrap` fills.
    package init(directories: [URL]) {
        self.directories = directories
    }

    /// Finds a model file.
    ///
    /// - Parameter model: The model.
    /// - Returns: The first file of that name in the folders.
    /// - Throws: ``InferenceError`` with code `.modelMissing`, which names the file and the command that brings it.
    package func url(of model: ModelFile) throws -> URL {
        let candidates = directories.map { $0.appendingPathComponent(model.fileName) }
        if let found = candidates.first(where: { FileManager.default.isReadableFile(atPath: $0.path) }) {
            return found
        }
        let searched = directories.isEmpty ? "no folder" : directories.map(\.path).joined(separator: ", ")
        throw InferenceError(
            .modelMissing,
            "The model \(model.fileName) (\(model.purpose)) is missing; searched: \(searched). \(model.remedy)"
        )
    }

    /// The models that are missing, in catalogue order.
    package var missing: [ModelFile] {
        ModelFile.allCases.filter { (try? url(of: $0)) == nil }
    }
}
