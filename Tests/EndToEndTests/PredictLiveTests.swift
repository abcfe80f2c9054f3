import Foundation
import Testing

/// `hypeclip predict --screen` on a screen of its own.
@Suite(.enabled(if: ScreenStage.isPossible, "needs Xvfb and ffplay"), .timeLimit(.minutes(3)))
struct PredictLiveTests {
    private static let portrait = Command.repository.appending(path: ".deps/demo/astronaut.png").path

    private func lines(_ result: CommandResult) throws -> [[String: Any]] {
        try result.output.split(separator: "\n").map { line in
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(value as? [String: Any])
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: portrait), "needs Scripts/bootstrap"))
    func faceOnTheScreenIsRead() throws {
        let scratch = try Scratch()
        let stage = try ScreenStage()
        defer {
            stage.end()
            scratch.remove()
        }
        let film = scratch.path("film.mp4")
        let nodding = "crop=360:360:'60+8*sin(3*t)':'20+6*cos(2*t)',noise=alls=6:allf=t,fps=25,format=yuv420p"
        try Command.tool(
            "ffmpeg",
            ["-v", "error", "-nostdin", "-loop", "1", "-t", "8", "-i", Self.portrait, "-vf", nodding, film]
        )
        try stage.play(film)
        let arguments = ["predict", "--screen", "--display", stage.display, "--json", "--attention", "--for", "20"]
        let result = try Command.run(Command.hypeclip, arguments)
        #expect(result.status == 0, "\(result.errors)")
        let faces = try lines(result).filter { $0["kind"] as? String == "face" && $0["emotion"] != nil }
        #expect(!faces.isEmpty, "\(result.output.suffix(600)) \(result.errors)")
        for face in faces {
            let emotion = try #require(face["emotion"] as? [String: Double])
            #expect(abs(emotion.values.reduce(0, +) - 1) < 1e-3)
            #expect(face["region"] is [String: Int])
        }
        let gauges = try lines(result).compactMap { $0["attention"] as? [String: Any] }
        let times = gauges.compactMap { $0["time"] as? Double }
        #expect(times.count > 3 && times == times.sorted(), "\(times)")
        #expect(gauges.contains { ($0["openness"] as? Double ?? 0) > 0.5 }, "\(gauges)")
    }

    @Test
    func emptyScreenSaysWhatIsMissingAndLeavesNothingBehind() throws {
        let stage = try ScreenStage()
        defer { stage.end() }
        let result = try Command.run(
            Command.hypeclip,
            ["predict", "--screen", "--display", stage.display, "--for", "8"]
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("face: "), "\(result.output)")
        let leftovers = try FileManager.default.contentsOfDirectory(atPath: FileManager.default.temporaryDirectory.path)
        #expect(!leftovers.contains { $0.hasPrefix("hypeclip-gaze-") })
    }
}
