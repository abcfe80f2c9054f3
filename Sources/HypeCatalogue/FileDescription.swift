package import Foundation

/// The JSON file that training and exporting write beside a net: as much of it as says which file it belongs to.
package struct FileDescription: Hashable, Sendable, Decodable {
    /// Name of the model that the net was made as; nil where the file does not say it.
    package var name: String?
    /// Version of the weights; nil where the file does not say it.
    package var version: String?
    /// Size of the net's file in bytes.
    package var bytes: Int64
    /// SHA-256 of the net's file, 64 lower-case hexadecimal digits.
    package var sha256: String

    /// Reads the description of a file; gives nil where the file is not described, or not in a form that can be read.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - folder: Where its description lies.
    package init?(of file: CatalogueFile, in folder: URL) {
        guard case .sidecar(let name) = file.check,
            let data = try? Data(contentsOf: folder.appendingPathComponent(name)),
            let description = try? JSONDecoder().decode(Self.self, from: data)
        else { return nil }
        self = description
    }

    /// What the net's file must be.
    package var facts: FileFacts { FileFacts(bytes: bytes, sha256: sha256) }
}
