import Foundation
import Testing

/// A `hypeclip serve` on a free port of this machine, asked with curl.
final class RunningServer {
    /// An answer.
    struct Answer {
        var status: Int
        var body: Data

        /// The body as a JSON object.
        func object() throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
        }
    }

    let process = Process()
    let address: String
    private let log: String

    /// Starts a server and waits until it says where it is.
    init(_ scratch: Scratch, environment: [String: String] = [:], executable: String = Command.hypeclip) throws {
        log = scratch.path("server-\(UUID().uuidString).log")
        try Data().write(to: URL(filePath: log))
        let output = Pipe()
        process.executableURL = URL(filePath: executable)
        process.arguments = ["serve", "--port", "0", "--data-dir", scratch.path("data")]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: URL(filePath: log))
        try process.run()
        var text = ""
        var found: String?
        while found == nil {
            let piece = output.fileHandleForReading.availableData
            guard !piece.isEmpty else { break }
            text += String(bytes: piece, encoding: .utf8) ?? ""
            found = text.firstMatch(of: /https?:\/\/127\.0\.0\.1:\d+/).map { String($0.output) }
        }
        address = try #require(found, "the server said “\(text)” and \(Self.read(log))")
    }

    deinit { if process.isRunning { process.terminate() } }

    /// What it logged so far.
    var logged: String { Self.read(log) }

    /// Asks for something.
    func ask(_ path: String, _ arguments: [String] = []) throws -> Answer {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let body = scratch.path("body")
        let result = try Command.run(
            "/usr/bin/env",
            ["curl", "-sS", "--max-time", "120", "-o", body, "-w", "%{http_code}"] + arguments + [address + path]
        )
        try #require(result.status == 0, "curl \(path): \(result.errors)")
        let data = FileManager.default.contents(atPath: body) ?? Data()
        return Answer(status: Int(result.output) ?? 0, body: data)
    }

    /// Sends a JSON document.
    func send(_ method: String, _ path: String, _ document: String) throws -> Answer {
        try ask(path, ["-X", method, "-H", "Content-Type: application/json", "-d", document])
    }

    /// Uploads a file and returns its identifier.
    func upload(_ kind: String, _ path: String) throws -> String {
        let answer = try ask("/upload/\(kind)", ["-F", "file=@\(path)"])
        try #require(answer.status == 201, "\(String(bytes: answer.body, encoding: .utf8) ?? "")")
        return try #require(try answer.object()["uploadId"] as? String)
    }

    /// Follows the events of a session until one of a kind satisfies a condition; returns all that came.
    func events(of session: String, until isLast: (String, [String: Any]) -> Bool) throws -> [(String, [String: Any])] {
        let curl = Process()
        let output = Pipe()
        curl.executableURL = URL(filePath: "/usr/bin/env")
        curl.arguments = ["curl", "-sSN", "--max-time", "120", "\(address)/api/events?session=\(session)&after=0"]
        curl.standardOutput = output
        try curl.run()
        defer {
            // Children inherit the signals that the threads of tests block, so curl would not hear a polite one.
            kill(curl.processIdentifier, SIGKILL)
            curl.waitUntilExit()
        }
        var events: [(String, [String: Any])] = []
        var rest = Data()
        while true {
            let piece = output.fileHandleForReading.availableData
            guard !piece.isEmpty else { break }
            rest += piece
            while let end = rest.range(of: Data("\n\n".utf8)) {
                let block = String(bytes: rest[..<end.lowerBound], encoding: .utf8) ?? ""
                rest = Data(rest[end.upperBound...])
                var fields: [Substring: String] = [:]
                for line in block.split(separator: "\n") {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    if parts.count == 2 { fields[parts[0]] = parts[1].trimmingCharacters(in: .whitespaces) }
                }
                guard let kind = fields["event"], let data = fields["data"],
                    let object = try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any]
                else { continue }
                events.append((kind, object))
                if isLast(kind, object) { return events }
            }
        }
        return events
    }

    /// Ends the server as an init system would, and returns its exit status.
    func stop() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    private static func read(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
}
