import Foundation
import GRDB
import HypeCore
import HypeStore
import Testing

/// A process that is killed in the middle of its writes.
struct SQLiteCrashTests {
    private static let writer = URL(filePath: CommandLine.arguments.first ?? "")
        .resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "store-writer")

    @Test(arguments: [1, 2, 3])
    func losesNothingThatWasConfirmed(round: Int) async throws {
        let scratch = try Scratch()
        let path = scratch.path("store.sqlite")
        let confirmed = try Self.writeUntilKilled(path, after: 40 * round)
        #expect(confirmed.count >= 40 * round)

        let store = try SQLiteStore(path: path)
        #expect(try await store.pool.read { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
        let events = try await store.events(after: 0, session: nil, limit: 1000)
        let numbers = Dictionary(events.map { ($0.sessionId, $0.id) }) { first, _ in first }
        for (session, event) in confirmed {
            #expect(numbers[session] == event)
            #expect(try await store.session(session) != nil)
        }
        let next = try await store.append(.session, session: nil, payload: Data(), at: Date())
        #expect(next.id > confirmed.last?.event ?? 0)
        await store.close()
    }

    /// Runs the writer, kills it once it has confirmed so many, and returns all that it confirmed.
    private static func writeUntilKilled(
        _ path: String,
        after count: Int
    ) throws -> [(session: String, event: Int64)] {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = writer
        process.arguments = [path]
        process.standardOutput = pipe
        try process.run()
        var output = Data()
        while output.count(where: { $0 == UInt8(ascii: "\n") }) < count {
            let part = pipe.fileHandleForReading.availableData
            guard !part.isEmpty else { break }
            output += part
        }
        kill(process.processIdentifier, SIGKILL)
        output += pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, let event = Int64(words[1]) else { return nil }
            return (String(words[0]), event)
        }
    }
}
