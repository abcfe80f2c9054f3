import Foundation

/// Where the parts of this installation lie.
///
/// Found from the place of the running executable, so a checkout works without any setting.
package struct Installation: Sendable {
    /// The `hypeclip-worker` executable.
    package let worker: String
    /// Folders with model files, searched in order.
    package let modelFolders: [String]

    /// Looks around the running executable.
    ///
    /// - Parameters:
    ///   - executable: Path of the running executable.
    ///   - workerOverride: A worker to use instead of the one beside the executable, or nil.
    ///   - modelFoldersOverride: Folders to search before the installation's own.
    package init(executable: String, workerOverride: String?, modelFoldersOverride: [String]) {
        let home = URL(filePath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        worker = workerOverride ?? home.appending(path: "hypeclip-worker").path
        var folders = modelFoldersOverride
        for folder in Self.ancestors(of: home) {
            let own = folder.appending(path: "Models").path
            let fetched = folder.appending(path: ".deps/models").path
            if FileManager.default.fileExists(atPath: own) { folders.append(own) }
            if FileManager.default.fileExists(atPath: fetched) { folders.append(fetched) }
        }
        folders.append(home.deletingLastPathComponent().appending(path: "share/hypeclip/models").path)
        modelFolders = folders
    }

    private static func ancestors(of folder: URL) -> [URL] {
        // A build lies three folders deep in its checkout; further up is somebody else's.
        (0..<4).reduce(into: [folder]) { chain, _ in
            if let last = chain.last { chain.append(last.deletingLastPathComponent()) }
        }
    }
}
