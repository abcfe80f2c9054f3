import Foundation
import HypeApp
import HypeCore

/// What has to be made before features are computed, and taken away after: folders, and a place for what is printed.
struct FeatureStage: Sendable {
    /// The recordings with the files to write, all of them real.
    let tasks: [FeatureTask]
    private let folder: URL?
    private let printed: String?

    /// Whether the features themselves go to standard output, so that nothing else may.
    var printsValues: Bool { printed != nil }

    /// Makes it.
    ///
    /// - Parameter tasks: The recordings with their files; `-` as a path stands for standard output.
    /// - Throws: ``HypeApp/AppFailure`` where a folder cannot be made.
    init(_ tasks: [FeatureTask]) throws {
        var tasks = tasks
        var folder: URL?
        var printed: String?
        do {
            for (index, task) in tasks.enumerated() {
                for (place, file) in task.files.enumerated() {
                    if file.path == "-" {
                        // The worker's standard output is the conversation with it, so it writes a file instead.
                        let scratch = FileManager.default.temporaryDirectory.appending(
                            path: "hypeclip-features-\(UUID().uuidString)"
                        )
                        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
                        folder = scratch
                        printed = scratch.appending(path: "values").path
                        tasks[index].files[place].path = scratch.appending(path: "values").path
                    } else {
                        let target = URL(filePath: file.path).deletingLastPathComponent()
                        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
                    }
                }
            }
        } catch {
            if let folder { try? FileManager.default.removeItem(at: folder) }
            throw AppFailure(.failed, "A folder for the features cannot be made: \(error.localizedDescription)")
        }
        self.tasks = tasks
        self.folder = folder
        self.printed = printed
    }

    /// Prints what goes to standard output, piece by piece.
    ///
    /// - Throws: ``HypeApp/AppFailure`` where it cannot be read back.
    func print() throws {
        guard let printed, let file = FileHandle(forReadingAtPath: printed) else { return }
        do {
            // A reader that has seen enough, such as head, closes the pipe, and that is no failure.
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
                do { try FileHandle.standardOutput.write(contentsOf: piece) } catch { return }
            }
        } catch {
            throw AppFailure(.failed, "The features cannot be read back from \(printed): \(error.localizedDescription)")
        }
    }

    /// Takes away what is not wanted any more.
    func remove() {
        if let folder { try? FileManager.default.removeItem(at: folder) }
    }
}

extension FeatureOutputArguments {
    /// Prepares the files of recordings; see ``tasks(for:settings:)``.
    func stage(for recordings: [String], settings: FeatureSettings) throws -> FeatureStage {
        try FeatureStage(tasks(for: recordings, settings: settings))
    }
}
