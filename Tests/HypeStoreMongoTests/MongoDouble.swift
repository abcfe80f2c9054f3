import Foundation
import HypeStoreMongo
import Testing

/// The stand-in for a MongoDB server, as a process of its own.
actor MongoDouble {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    /// Where `Scripts/bootstrap test` puts its Python packages.
    private static let packages = repository.appending(path: ".deps/mongo-double")

    /// Why the tests cannot run, for the report of what was skipped.
    static let missing: Comment = "needs libmongoc and the Python packages of mongo-double: run Scripts/bootstrap test"

    /// Whether Python and its packages are there.
    static let isInstalled: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import bson, mongomock"]
        process.environment = environment
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            return false
        }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// One for all tests that do not disturb it; it ends with the tests, as its standard input does.
    static let shared = MongoDouble()

    private static var environment: [String: String] {
        var environment = ProcessInfo.processInfo.environment
        environment["PYTHONPATH"] = [packages.path, environment["PYTHONPATH"]].compactMap(\.self).joined(separator: ":")
        return environment
    }

    private let journal: String?
    private var port = 0
    private var process: Process?
    private var input: Pipe?
    private var databases = 0

    /// Prepares a server.
    ///
    /// - Parameter journal: A file in which it keeps what it was told, to have it again after a restart.
    init(journal: String? = nil) {
        self.journal = journal
    }

    /// Starts it if it does not run, on the port it had before.
    func start() throws {
        guard process == nil else { return }
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", Self.repository.appending(path: "Tests/HypeStoreMongoTests/mongo-double/server.py").path,
        ]
        process.arguments? += ["--port", "\(port)"] + (journal.map { ["--journal", $0] } ?? [])
        process.environment = Self.environment
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let part = output.fileHandleForReading.availableData
            guard !part.isEmpty else { throw Failure(description: "the stand-in did not start") }
            line += part
        }
        let words = String(decoding: line.dropLast(), as: UTF8.self).split(separator: " ")
        guard words.count == 2, let port = Int(words[1]) else {
            throw Failure(description: "the stand-in said \(words)")
        }
        self.port = port
        self.process = process
        self.input = input
    }

    /// Kills it in the middle of whatever it does.
    func kill() {
        guard let process else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
        input = nil
    }

    /// How to reach an empty database.
    func settings(
        patience: Duration = .seconds(5),
        eventLifetime: Duration = .seconds(86400)
    ) throws -> MongoSettings {
        try start()
        databases += 1
        guard let address = MongoAddress("mongodb://127.0.0.1:\(port)/test\(databases)") else {
            throw Failure(description: "the address is not understood")
        }
        return MongoSettings(address: address, patience: patience, connections: 4, eventLifetime: eventLifetime)
    }
}
