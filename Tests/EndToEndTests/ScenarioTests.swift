import Foundation
import Testing

/// Planted scenarios with a face, made by the repository's scripts: what is found, and that faces on demand decide alike.
///
/// `make scenarios` makes and scores all of them; these few stand for them in every test run.
@Suite(.timeLimit(.minutes(15)))
struct ScenarioTests {
    private static let names = ["all-three", "voice-face", "camera-covered", "laughs-and-bangs"]

    private struct Result: Decodable, Equatable {
        struct Interval: Decodable, Equatable {
            var start: Double
            var end: Double
        }
        struct Moment: Decodable, Equatable {
            var core: Interval
            var decision: String
            var kinds: [String]
            var reason: String
        }
        struct Clip: Decodable, Equatable {
            var start: Double
            var end: Double
        }
        var moments: [Moment]
        var clips: [Clip]
    }

    @Test
    func momentsAreFoundDecoysAreNotAndOnDemandDecidesLikeFull() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let scripts = Command.repository.appending(path: "Scripts")
        let python = scripts.appending(path: "demo/python").path
        let make = try Command.run(
            python,
            [scripts.appending(path: "scenarios/make_scenarios.py").path, "--out", scratch.folder.path]
                + Self.names.flatMap { ["--only", $0] }
        )
        try #require(make.status == 0, "\(make.errors)")

        let score = try Command.run(
            "/usr/bin/env",
            [
                "python3", scripts.appending(path: "scenarios/score.py").path, scratch.folder.path, "--hypeclip",
                Command.hypeclip,
            ]
        )
        #expect(score.status == 0, "\(score.output)")
        for name in Self.names {
            let folder = scratch.folder.appending(path: name)
            let onDemand = try analyze(folder, output: scratch.path("out"), [])
            #expect(try analyze(folder, output: scratch.path("out"), ["--full"]) == onDemand, "\(name)")
        }
    }

    private func analyze(_ folder: URL, output: String, _ further: [String]) throws -> Result {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let recording = try #require(files.first { $0.hasPrefix("recording.") })
        let chat = folder.appending(path: "chat.json").path
        let result = try Command.run(
            Command.hypeclip,
            ["analyze", "--json", "--quiet", folder.appending(path: recording).path, "--chat", chat, "--out", output]
                + further
        )
        try #require(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(Result.self, from: Data(result.output.utf8))
    }
}
