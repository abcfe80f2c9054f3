package import Foundation
import HypeCatalogue

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
        if let found = optionalURL(of: model) { return found }
        let searched = directories.isEmpty ? "no folder" : directories.map(\.path).joined(separator: ", ")
        throw InferenceError(
            .modelMissing,
            "The model \(model.fileName) (\(model.entry.purpose)) is missing; searched: \(searched). "
                + "This brings it: \(model.entry.remedy)"
        )
    }

    /// Finds a model file that may be missing.
    ///
    /// - Parameter model: The model.
    /// - Returns: The first file of that name in the folders, or nil.
    package func optionalURL(of model: ModelFile) -> URL? {
        ModelInventory(folders: directories).url(of: model.fileName)
    }

    /// The required models that are missing, in catalogue order.
    package var missing: [ModelFile] {
        ModelFile.allCases.filter { $0.isRequired && optionalURL(of: $0) == nil }
    }
}
