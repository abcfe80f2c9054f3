import Foundation

/// The folder that the pictures of an explanation are written to.
package struct EvidenceFolder: Sendable {
    private let folder: URL

    /// Makes the folder where it is missing.
    ///
    /// - Parameter path: Where it is.
    /// - Throws: ``AppFailure`` where it cannot be made.
    package init(_ path: String) throws {
        folder = URL(filePath: path, directoryHint: .isDirectory)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw AppFailure(.failed, "the folder \(path) cannot be made: \(error.localizedDescription)")
        }
    }

    /// Writes the pictures of a result, named after its file; one of the same name is replaced.
    ///
    /// - Parameters:
    ///   - result: The result.
    ///   - number: A number that tells files of the same name apart; nil where there is only one file.
    /// - Returns: The result with the paths of its pictures instead of their bytes.
    /// - Throws: ``AppFailure`` where a picture cannot be written.
    package func write(_ result: EmotionResult, number: Int?) throws -> EmotionResult {
        var result = result
        let stem = URL(filePath: result.file).deletingPathExtension().lastPathComponent
        for index in result.explanation.indices {
            let picture = result.explanation[index]
            let parts = [number.map { "\($0)" }, stem, picture.kind, picture.track.map { "\($0)" }].compactMap { $0 }
            let url = folder.appending(path: parts.joined(separator: "-") + ".png")
            do {
                try picture.png.write(to: url, options: .atomic)
            } catch {
                throw AppFailure(.failed, "\(url.relativePath) cannot be written: \(error.localizedDescription)")
            }
            result.explanation[index].path = url.relativePath
        }
        return result
    }
}
