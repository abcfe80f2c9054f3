import Foundation
import HypeEvents
import TestSupport
import Testing

/// The examples of docs/events.md, run as they stand there.
@Suite(.timeLimit(.minutes(1)))
struct WebhookExampleTests {
    private struct Case: Encodable {
        var secret: String
        var header: String
        var body: String
    }

    private static let secret = "sixteen letters!"
    private static let body = #"{"id":1,"payload":{"title":"Größe – 100 %"}}"#

    private static func cases() throws -> Data {
        let now = Date()
        let good = WebhookSignature.sign(Data(body.utf8), secret: secret, at: now)
        let old = WebhookSignature.sign(Data(body.utf8), secret: secret, at: now.addingTimeInterval(-600))
        let laterTime = "t=\(Int(now.timeIntervalSince1970)),"
        return try JSONEncoder().encode([
            Case(secret: secret, header: good, body: body),
            Case(secret: secret, header: good, body: body + " "),
            Case(secret: secret + "x", header: good, body: body),
            Case(secret: secret, header: old, body: body),
            Case(secret: secret, header: laterTime + (old.split(separator: ",").last ?? ""), body: body),
        ])
    }

    /// The first block of code of a language in the page.
    private static func example(_ language: String) throws -> String {
        let page = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().appending(path: "../../../docs/events.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let block = try #require(text.split(separator: "```\(language)\n").dropFirst().first)
        return String(try #require(block.split(separator: "```").first))
    }

    /// Runs a program with the cases as input.
    ///
    /// - Returns: What it wrote: `true` or `false` for each case.
    private static func run(_ program: String, _ arguments: [String]) async throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        // Both are smaller than a pipe's buffer, so nobody waits for anybody.
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try input.fileHandleForWriting.write(contentsOf: try cases())
        try input.fileHandleForWriting.close()
        try await process.runToEnd()
        let text = output.fileHandleForReading.availableData
        #expect(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self).lowercased()
    }

    private static let expected = "true false false false false"

    @Test
    func thePythonExampleTellsGenuineFromForged() async throws {
        let program =
            try Self.example("python") + """

                import json, sys
                print(*[is_genuine(c["secret"], c["header"], c["body"].encode()) for c in json.load(sys.stdin)])
                """
        let answer = try await Self.run("python3", ["-c", program])
        #expect(answer.trimmingCharacters(in: .whitespacesAndNewlines) == Self.expected)
    }

    @Test(.enabled(if: isInstalled("node"), "needs node"))
    func theJavaScriptExampleTellsGenuineFromForged() async throws {
        let program =
            try Self.example("js") + """

                const cases = JSON.parse(require("node:fs").readFileSync(0));
                console.log(cases.map((c) => isGenuine(c.secret, c.header, Buffer.from(c.body))).join(" "));
                """
        let answer = try await Self.run("node", ["-e", program])
        #expect(answer.trimmingCharacters(in: .whitespacesAndNewlines) == Self.expected)
    }
}

private func isInstalled(_ program: String) -> Bool {
    ["/usr/bin/", "/usr/local/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + program) }
}
