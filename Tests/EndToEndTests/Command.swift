import Foundation
import Testing

/// A finished command.
struct CommandResult: Sendable {
    var status: Int32
    var output: String
    var errors: String
}

/// Runs programs the way a person at a terminal does.
enum Command {
    /// The repository that the tests belong to.
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder with the built executables, which is where the test bundle lies.
    static let products: URL = {
        let bundle = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent()
    }()

    /// The built `hypeclip`.
    static var hypeclip: String { products.appending(path: "hypeclip").path }
    /// The built worker.
    static var worker: String { products.appending(path: "hypeclip-worker").path }

    /// Runs a program to its end, with its output in files so that no pipe can fill up.
    static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        whileRunning: ((Process) throws -> Void)? = nil
    ) throws -> CommandResult {
        let folder = try Scratch()
        defer { folder.remove() }
        let output = folder.path("out")
        let errors = folder.path("err")
        for path in [output, errors] { try Data().write(to: URL(filePath: path)) }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
        try process.run()
        try whileRunning?(process)
        process.waitUntilExit()
        return CommandResult(
            status: process.terminationStatus,
            output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8)
        )
    }

    /// Runs a program that is found through the search path, and requires that it succeeds.
    static func tool(_ name: String, _ arguments: [String]) throws {
        let result = try run("/usr/bin/env", [name] + arguments)
        try #require(result.status == 0, "\(name) failed: \(result.errors)")
    }
}

/// A folder that is removed when its owner is done with it.
struct Scratch: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hypeclip-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
        return path(name)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}
