import Foundation
import HypeChat
import HypeCore
import Testing

/// Live sessions, driven as a streamer drives them: an encoder pushes, the chat talks, workers die.
@Suite(.timeLimit(.minutes(6)))
struct LiveTests {
    @Test
    func aStreamThatIsPushedBecomesClipsWhileItRunsAndSurvivesItsWorker() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let stage = LiveStage()
        let recording = try Stage.recording(scratch, name: "stream.flv")
        let chat = try Stage.chat(scratch)
        var environment = try stage.twitch(chat: chat)
        environment["HYPECLIP_RTMP_PORT"] = "0"
        try rememberChannel(chat, in: scratch.path("data/channels"))
        let server = try RunningServer(scratch, environment: environment)
        let address = try publishingAddress(of: server, channel: "tester")
        _ = try stage.encoder(recording, to: address)

        // The encoder alone starts the session.
        let session = try #require(try waitForSession(on: server))
        var events = try server.events(of: session) { kind, event in
            kind == "session" && Self.part("source", of: event) == "ok" && Self.part("chat", of: event) == "ok"
        }
        #expect(events.last?.1["state"] as? String == "running")

        // A clip by hand, with what was before.
        events = try server.events(of: session) { $0 == "signal" && ($1["end"] as? Double ?? 0) > 8 }
        let manual = try trigger(session, on: server, #"{"before":6,"after":1,"title":"By hand"}"#)
        try expectClip(manual, on: server, scratch, seconds: 6.5...9)

        // A worker that is killed is back by itself, and what was before its death can still be cut.
        kill(try worker(of: server), SIGKILL)
        events = try server.events(of: session) { kind, event in
            kind == "session" && Self.part("worker", of: event) == "degraded"
        }
        events = try server.events(of: session) { kind, event in
            guard kind == "session", Self.part("worker", of: event) == "ok" else { return false }
            return Self.part("source", of: event) == "ok" && (event["position"] as? Double ?? 0) > 10
        }
        let across = try trigger(session, on: server, #"{"before":10,"after":2}"#)
        try expectClip(across, on: server, scratch, seconds: 9.9...14)

        // Voice and chat agree: a clip, with the seconds before.
        events = try server.events(of: session) { kind, event in
            kind == "new_clip" && (event["moments"] as? [Int])?.isEmpty == false
        }
        let id = try #require(events.last?.1["id"] as? String)
        #expect(events.contains { $0.0 == "new_spike" })
        #expect(try server.ask("/api/sessions/\(session)", ["-X", "DELETE"]).status == 200)
        _ = try server.events(of: session) { $0 == "session" && $1["state"] as? String == "stopped" }

        // What became known later made it better.
        let clip = try server.ask("/api/clip/\(id)").object()
        let kinds = (clip["trigger"] as? [String: Any])?["kinds"] as? [String]
        #expect(kinds == ["chat", "voice"], "\(clip["signals"] ?? "")")
        let interval = (clip["start"] as? Double ?? 0)...(clip["end"] as? Double ?? 0)
        #expect(interval.contains(Stage.excitement.lowerBound - 5), "\(interval)")
        #expect(interval.contains(Stage.excitement.lowerBound + 3), "\(interval)")
        try expectClip(id, on: server, scratch, seconds: 12...60)
        #expect(server.stop() == 0)
        let leftovers = try FileManager.default.contentsOfDirectory(atPath: scratch.path("data"))
        #expect(!leftovers.contains { $0 == "spool" && !isEmpty(scratch.path("data/spool")) })
    }

    @Test
    func anEncoderThatLeavesComesBackIntoTheSameSessionAndNobodyElseDoes() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let stage = LiveStage()
        let server = try RunningServer(
            scratch,
            environment: ["HYPECLIP_RTMP_PORT": "0", "HYPECLIP_LIVE_PATIENCE": "6"]
        )
        let address = try publishingAddress(of: server, channel: nil)
        let stranger = try stage.encoder(nil, to: address + "x")
        stranger.waitUntilExit()
        #expect(stranger.terminationStatus != 0)
        #expect(try server.ask("/api/sessions").object()["items"].map { "\($0)".contains("rtmp") } == false)

        let first = try stage.encoder(nil, to: address)
        let session = try #require(try waitForSession(on: server))
        _ = try server.events(of: session) { $0 == "session" && Self.part("source", of: $1) == "ok" }
        let second = try stage.encoder(nil, to: address)
        second.waitUntilExit()
        #expect(second.terminationStatus != 0, "two encoders with one key")
        stage.crash(first)
        let gone = try server.events(of: session) {
            $0 == "session" && Self.part("source", of: $1) == "missing" && ($1["state"] as? String) == "running"
        }
        #expect(!gone.isEmpty)
        let again = try stage.encoder(nil, to: address)
        var wasGone = false
        let back = try server.events(of: session) { kind, event in
            guard kind == "session" else { return false }
            if Self.part("source", of: event) == "missing", event["state"] as? String == "running" { wasGone = true }
            return wasGone && Self.part("source", of: event) == "ok"
        }
        #expect(!back.isEmpty)
        stage.crash(again)
        // Nobody comes back any more: the session ends by itself.
        let end = try server.events(of: session) { $0 == "session" && $1["state"] as? String == "finished" }
        #expect(!end.isEmpty)
        #expect(server.stop() == 0)
        #expect(!server.logged.contains(address.split(separator: "/").last ?? ""), "the key is in the log")
    }

    // MARK: Steps

    /// Writes down how lively the channel is, as an earlier session would have.
    ///
    /// So its chat can rise within the first minute.
    private func rememberChannel(_ chat: String, in folder: String) throws {
        let log = try ChatLog.read(contentsOf: chat)
        let whole = MediaInterval(start: .zero, end: MediaTime(seconds: Stage.length))
        let prior = try #require(SpikeDetector.BaselinePrior(of: log, over: whole, settings: SpikeDetector.Settings()))
        let memory: [String: Any] = [
            "lag": 3.5, "users": [prior.uniqueUsers, prior.dispersion], "lines": [prior.lines, prior.lineDispersion],
            "updatedAt": Date().timeIntervalSinceReferenceDate,
        ]
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try JSONSerialization.data(withJSONObject: memory).write(to: URL(filePath: folder + "/tester.json"))
    }

    /// Server and key for an encoder; the key gets a channel.
    private func publishingAddress(of server: RunningServer, channel: String?) throws -> String {
        let document = try waitForIngest(on: server)
        if let channel {
            let answer = try server.send("PATCH", "/api/ingest/keys/main", #"{"channel":"\#(channel)"}"#)
            try #require(answer.status == 200)
        }
        let url = try #require(document["url"] as? String)
        let keys = try #require(document["keys"] as? [[String: Any]])
        let key = try #require(keys.first?["key"] as? String)
        return url + "/" + key
    }

    private func waitForIngest(on server: RunningServer) throws -> [String: Any] {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            let answer = try server.ask("/api/ingest")
            if answer.status == 200 { return try answer.object() }
        }
        throw Missing(what: "ingest")
    }

    private func waitForSession(on server: RunningServer) throws -> String? {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let items = try server.ask("/api/sessions").object()["items"] as? [[String: Any]] ?? []
            if let id = items.first?["id"] as? String { return id }
        }
        return nil
    }

    private func trigger(_ session: String, on server: RunningServer, _ document: String) throws -> String {
        let answer = try server.send("POST", "/api/sessions/\(session)/trigger", document)
        try #require(answer.status == 202, "\(String(bytes: answer.body, encoding: .utf8) ?? "")")
        return try #require(try answer.object()["clipId"] as? String)
    }

    /// Waits until a clip is there, and looks at its file.
    private func expectClip(
        _ id: String,
        on server: RunningServer,
        _ scratch: Scratch,
        seconds: ClosedRange<Double>
    ) throws {
        let session = String(id.split(separator: "-")[0])
        let events = try server.events(of: session) { kind, event in
            if kind == "clipProgress", event["clipId"] as? String == id, event["status"] as? String == "failed" {
                return true
            }
            return kind == "new_clip" && event["id"] as? String == id
        }
        try #require(events.last?.0 == "new_clip", "\(events.last?.1 ?? [:])")
        let file = scratch.path("\(id).mp4")
        try server.ask("/api/clip/\(id)/video").body.write(to: URL(filePath: file))
        let probe = try Command.run(
            "/usr/bin/env",
            [
                "ffprobe", "-v", "error", "-show_entries", "format=duration:stream=codec_type", "-of",
                "default=nk=1:nw=1", file,
            ]
        )
        let lines = probe.output.split(separator: "\n")
        #expect(lines.contains("video") && lines.contains("audio"), "\(probe.output)\(probe.errors)")
        let duration = try #require(lines.last.flatMap { Double($0) })
        #expect(seconds.contains(duration), "the clip \(id) has \(duration) s")
    }

    private func worker(of server: RunningServer) throws -> Int32 {
        let result = try Command.run(
            "/usr/bin/env",
            ["pgrep", "-n", "-P", "\(server.process.processIdentifier)", "-f", "hypeclip-worker"]
        )
        return try #require(Int32(result.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    private func isEmpty(_ folder: String) -> Bool {
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty ?? true
    }

    private static func part(_ name: String, of session: [String: Any]) -> String? {
        (session["parts"] as? [[String: Any]])?.first { $0["name"] as? String == name }?["state"] as? String
    }

    private struct Missing: Error {
        var what: String
    }
}
