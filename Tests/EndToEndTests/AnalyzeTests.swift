import Foundation
import HypeChat
import Testing

/// Drives the built `hypeclip analyze` from a generated recording to clips.
@Suite(.timeLimit(.minutes(10)))
struct AnalyzeTests {
    private struct Result: Decodable {
        struct Clip: Decodable {
            struct Files: Decodable {
                struct File: Decodable {
                    var path: String
                    var bytes: Int
                    var sha256: String
                }
                var video: File?
                var thumbnail: File?
            }
            var start: Double
            var end: Double
            var state: String
            var files: Files
        }
        struct Interval: Decodable, Equatable {
            var start: Double
            var end: Double
        }
        struct Vote: Decodable {
            var kind: String
            var state: String
            var reason: String?
        }
        struct Moment: Decodable {
            var core: Interval
            var decision: String
            var votes: [Vote]
        }
        var clips: [Clip]
        var moments: [Moment]
        var duration: Double
        var warnings: [String]
    }

    private func analyze(_ arguments: [String]) throws -> Result {
        let result = try Command.run(Command.hypeclip, ["analyze", "--json", "--quiet"] + arguments)
        try #require(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(Result.self, from: Data(result.output.utf8))
    }

    @Test
    func aMomentInChatAndVoiceBecomesOneClipWithItsPreRoll() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let recording = try Stage.recording(scratch)
        let result = try analyze([recording, "--chat", try Stage.chat(scratch), "--out", scratch.path("out")])

        #expect(result.clips.count == 1)
        let clip = try #require(result.clips.first)
        #expect(clip.state == "saved")
        #expect(clip.start <= Stage.excitement.lowerBound - 5)
        #expect(clip.end >= Stage.excitement.upperBound)
        let file = try #require(clip.files.video)
        let path = scratch.path("out/\(file.path)")
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int == file.bytes)
        let digest = try Command.run("/usr/bin/sha256sum", [path]).output
        #expect(digest.hasPrefix(file.sha256))
        let probe = try Command.run(
            "/usr/bin/env",
            ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path]
        )
        let length = try #require(Double(probe.output.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(abs(length - (clip.end - clip.start)) < 0.1)

        let report = try String(contentsOfFile: scratch.path("out/report.html"), encoding: .utf8)
        #expect(report.contains(file.path))
        #expect(!report.contains("src=\"http") && !report.contains("href=\"http"))
        let leftovers = try FileManager.default.contentsOfDirectory(atPath: scratch.path("out"))
        #expect(!leftovers.contains { $0.hasSuffix(".part") })
    }

    @Test(arguments: ChatLogFormat.allCases)
    func everyChatFormatLeadsToTheSameClip(format: ChatLogFormat) throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let recording = try Stage.recording(scratch)
        let chat = try Stage.chat(scratch, format: format)
        let result = try analyze([recording, "--chat", chat, "--out", scratch.path("out")])
        #expect(result.clips.count == 1)
    }

    @Test(arguments: ["mkv", "ts", "flv"])
    func everyContainerLeadsToTheSameClip(container: String) throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let recording = try Stage.recording(scratch, name: "stream.\(container)")
        let result = try analyze([recording, "--chat", try Stage.chat(scratch), "--out", scratch.path("out")])
        #expect(result.clips.count == 1)
        #expect(abs(result.duration - Stage.length) < 1)
    }

    @Test
    func lookingEverywhereDecidesLikeLookingOnDemand() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let recording = try Stage.recording(scratch)
        let arguments = [recording, "--chat", try Stage.chat(scratch), "--out", scratch.path("out")]
        let onDemand = try analyze(arguments)
        let everywhere = try analyze(arguments + ["--full"])
        #expect(onDemand.moments.map(\.core) == everywhere.moments.map(\.core))
        #expect(onDemand.moments.map(\.decision) == everywhere.moments.map(\.decision))
        #expect(onDemand.clips.map(\.start) == everywhere.clips.map(\.start))
    }

    @Test
    func whatIsMissingIsSaidAndIsNoVote() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let recording = try Stage.recording(scratch)
        let result = try analyze([recording, "--out", scratch.path("out")])
        #expect(result.clips.isEmpty)
        #expect(result.warnings.contains { $0.contains("--chat") })
        #expect(result.warnings.contains { $0.contains("--camera") })
        for moment in result.moments {
            #expect(moment.votes.first { $0.kind == "chat" }?.state == "missing")
        }
    }

    @Test
    func aRecordingWithoutSoundStillHasChatAndFace() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let recording = try Stage.recording(scratch, hasSound: false)
        let result = try analyze([recording, "--chat", try Stage.chat(scratch), "--out", scratch.path("out")])
        #expect(result.clips.isEmpty)
        #expect(result.warnings.contains { $0.contains("no sound") })
    }

    @Test
    func aRecordingWithoutPictureIsCutAsSound() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let recording = try Stage.recording(scratch, name: "stream.m4a", hasPicture: false)
        let result = try analyze([recording, "--chat", try Stage.chat(scratch), "--out", scratch.path("out")])
        #expect(result.clips.count == 1)
        #expect(result.clips.first?.files.thumbnail == nil)
        #expect(result.warnings.contains { $0.contains("no picture") })
    }

    @Test
    func chatOfAnotherStreamIsPointedOut() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let recording = try Stage.recording(scratch)
        let lines = (0..<200).map { "\(90_000 + $0),user\($0 % 20),hello there" }
        let chat = try scratch.write("time,user,text\n" + lines.joined(separator: "\n"), to: "other.csv")
        let result = try analyze([recording, "--chat", chat, "--out", scratch.path("out")])
        #expect(result.clips.isEmpty)
        #expect(result.warnings.contains { $0.contains("another stream") })
    }
}
