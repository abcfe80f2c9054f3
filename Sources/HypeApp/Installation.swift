import Foundation
package import HypeCatalogue
import HypeWorkerLink

/// Where the parts of this installation lie.
///
/// Found from the place of the running executable, so a checkout works without any setting.
package struct Installation: Sendable {
    /// The `hypeclip-worker` executable.
    package let worker: String
    /// Folders with model files, searched in order.
    package let modelFolders: [String]
    /// The folder that pulled models go to; always the first of ``modelFolders``, so that what was pulled is used.
    package let pullFolder: String
    /// The standard folder of what a server keeps.
    package let serverFolder: String

    /// The installation that the running process belongs to.
    ///
    /// Reads `HYPECLIP_WORKER`, `HYPECLIP_MODEL_PATH`, `XDG_DATA_HOME` and `HOME`.
    package static func current() -> Self {
        let environment = ProcessInfo.processInfo.environment
        return Self(
            executable: CommandLine.arguments.first.flatMap(locate) ?? "hypeclip",
            workerOverride: environment["HYPECLIP_WORKER"],
            modelFoldersOverride: environment["HYPECLIP_MODEL_PATH"]?.split(separator: ":").map(String.init) ?? [],
            userData: userData(environment)
        )
    }

    /// Looks around the running executable.
    ///
    /// - Parameters:
    ///   - executable: Path of the running executable.
    ///   - workerOverride: A worker to use instead of the one beside the executable, or nil.
    ///   - modelFoldersOverride: Folders to search before all others.
    ///   - userData: The user's folder for programs' data, or nil where there is no user.
    package init(
        executable: String,
        workerOverride: String?,
        modelFoldersOverride: [String],
        userData: String? = nil
    ) {
        let home = URL(filePath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        worker = workerOverride ?? home.appending(path: "hypeclip-worker").path
        var folders = modelFoldersOverride
        if let userData { folders.append(URL(filePath: userData).appending(path: "hypeclip/models").path) }
        for folder in Self.ancestors(of: home) {
            let own = folder.appending(path: "Models").path
            let fetched = folder.appending(path: ".deps/models").path
            if FileManager.default.fileExists(atPath: own) { folders.append(own) }
            if FileManager.default.fileExists(atPath: fetched) { folders.append(fetched) }
        }
        folders.append(home.deletingLastPathComponent().appending(path: "share/hypeclip/models").path)
        serverFolder = userData.map { URL(filePath: $0).appending(path: "hypeclip/server").path } ?? "hypeclip-data"
        modelFolders = folders
        pullFolder = folders[0]
    }

    /// The folder of the XDG base directory specification, or nil where neither it nor a home is known.
    private static func userData(_ environment: [String: String]) -> String? {
        // The specification says that relative paths are to be ignored.
        if let folder = environment["XDG_DATA_HOME"], folder.hasPrefix("/") { return folder }
        return environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.local/share" : nil }
    }

    /// The running executable's path; `/proc` knows it however it was started.
    private static func locate(_ argument: String) -> String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? argument
    }

    /// What of the catalogue lies in ``modelFolders``.
    package var inventory: ModelInventory { ModelInventory(folders: modelFolders.map { URL(filePath: $0) }) }

    /// How the workers of this installation are started.
    var workerSettings: WorkerSettings {
        WorkerSettings(executable: worker, hello: WorkerHello(modelFolders: modelFolders))
    }

    private static func ancestors(of folder: URL) -> [URL] {
        // A build lies three folders deep in its checkout; further up is somebody else's.
        (0..<4).reduce(into: [folder]) { chain, _ in
            if let last = chain.last { chain.append(last.deletingLastPathComponent()) }
        }
    }
}
