import Foundation
import Testing

/// A program that a test runs, such as FFmpeg.
final class Child: Sendable {
    /// What a program left behind.
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    private let process: Process
    private let ended: AsyncStream<Int32>
    private let files: (output: URL, errors: URL)

    /// Starts a program; its output goes to files, so that nothing it says can block it.
    init(_ name: String, _ arguments: [String]) throws {
        let folder = FileManager.default.temporaryDirectory
        let tag = UInt64.random(in: 0 ... .max)
        files = (folder.appendingPathComponent("\(tag).out"), folder.appendingPathComponent("\(tag).err"))
        for file in [files.output, files.errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: files.output)
        process.standardError = try FileHandle(forWritingTo: files.errors)
        let (ended, end) = AsyncStream<Int32>.makeStream(bufferingPolicy: .bufferingNewest(1))
        process.terminationHandler = {
            end.yield($0.terminationStatus)
            end.finish()
        }
        self.process = process
        self.ended = ended
        try process.run()
    }

    /// Ends the program at once, as a crash would.
    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
    }

    /// Waits for the program's end.
    func outcome() async throws -> Outcome {
        var status: Int32 = -1
        for await value in ended { status = value }
        defer { for file in [files.output, files.errors] { try? FileManager.default.removeItem(at: file) } }
        return Outcome(
            status: status,
            output: String(decoding: try Data(contentsOf: files.output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: files.errors), as: UTF8.self)
        )
    }

    /// Runs a program to its end; what it says on failure becomes the test's.
    static func run(_ name: String, _ arguments: [String]) async throws -> String {
        let outcome = try await Child(name, arguments).outcome()
        try #require(outcome.status == 0, "\(name): \(outcome.errors)")
        return outcome.output
    }
}
