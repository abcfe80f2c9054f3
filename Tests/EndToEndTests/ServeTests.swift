import Foundation
import Testing

/// `hypeclip serve`, driven as its users drive it.
@Suite(.timeLimit(.minutes(5)))
struct ServeTests {
    @Test
    func aRecordingBecomesAClipThatCanBePlayedKeptAndDeleted() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let server = try RunningServer(scratch)
        let video = try server.upload("video", try Stage.recording(scratch))
        let chat = try server.upload("chat", try Stage.chat(scratch))
        let started = try server.send(
            "POST",
            "/api/sessions",
            #"{"upload":"\#(video)","chat":"\#(chat)","channel":"tester"}"#
        )
        try #require(started.status == 201, "\(String(bytes: started.body, encoding: .utf8) ?? "")")
        let session = try #require(try started.object()["id"] as? String)
        // The recording goes when it is not needed any more, which is the last thing that happens.
        let events = try server.events(of: session) { kind, event in
            kind == "deletion" || kind == "session" && event["state"] as? String == "failed"
        }
        let end = events.last { $0.0 == "session" }?.1 ?? [:]
        #expect(end["state"] as? String == "finished", "\(end)")
        #expect(events.last?.1["cause"] as? String == "served")
        let kinds = Set(events.map(\.0))
        for kind in ["session", "new_spike", "moment", "clipProgress", "new_clip"] { #expect(kinds.contains(kind)) }
        let steps = events.filter { $0.0 == "clipProgress" }.compactMap { $0.1["status"] as? String }
        #expect(steps == ["queued", "cutting", "saved"])

        let clip = try #require(events.first { $0.0 == "new_clip" }?.1)
        let id = try #require(clip["id"] as? String)
        #expect(clip["sessionId"] as? String == session)
        #expect(clip["channel"] as? String == "tester")
        let file = scratch.path("clip.mp4")
        let whole = try server.ask("/api/clip/\(id)/video")
        #expect(whole.status == 200)
        try whole.body.write(to: URL(filePath: file))
        try Command.tool("ffprobe", ["-v", "error", file])
        let tail = try server.ask("/api/clip/\(id)/video", ["-r", "-100"])
        #expect(tail.status == 206)
        #expect(tail.body == whole.body.suffix(100))
        #expect(try server.ask("/api/clip/\(id)/thumbnail").body.starts(with: [0xFF, 0xD8]))

        let changed = try server.send("PATCH", "/api/clip/\(id)", #"{"keep":true,"title":"Was für ein Tor"}"#)
        #expect(try changed.object()["title"] as? String == "Was für ein Tor")
        #expect(try server.ask("/api/clips?keep=true").object()["items"].map { "\($0)".contains(id) } == true)
        let deleted = try server.ask("/api/clip/\(id)", ["-X", "DELETE"])
        #expect(try deleted.object()["cause"] as? String == "request")
        #expect(try server.ask("/api/clip/\(id)").status == 404)
        #expect(try server.ask("/api/clip/\(id)/video").status == 404)
        let deletions = String(bytes: try server.ask("/api/deletions").body, encoding: .utf8) ?? ""
        #expect(deletions.contains(id) && deletions.contains(video), "the clip and the recording are proven gone")
        #expect(server.stop() == 0)
    }

    @Test
    func terminationEndsARunningSessionWithinTenSeconds() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let server = try RunningServer(scratch)
        let video = try server.upload("video", try Stage.recording(scratch))
        let started = try server.send("POST", "/api/sessions", #"{"upload":"\#(video)","pace":"realtime"}"#)
        let session = try #require(try started.object()["id"] as? String)
        _ = try server.events(of: session) { kind, event in kind == "session" && event["state"] as? String == "running"
        }
        let trigger = try server.send(
            "POST",
            "/api/sessions/\(session)/trigger",
            #"{"before":5,"after":2,"title":"mine"}"#
        )
        #expect(trigger.status == 202)
        let begun = ContinuousClock.now
        #expect(server.stop() == 0, "\(server.logged)")
        #expect(ContinuousClock.now - begun < .seconds(10))

        let again = try RunningServer(scratch)
        let sessions = String(bytes: try again.ask("/api/sessions").body, encoding: .utf8) ?? ""
        #expect(sessions.contains("stopped"), "\(sessions)")
        let clips = String(bytes: try again.ask("/api/clips").body, encoding: .utf8) ?? ""
        #expect(clips.contains("mine"), "a clip that was promised is cut")
    }

    @Test
    func aDeadWorkerCostsItsOwnRequestAtMost() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let noted = scratch.path("workers")
        let script = try scratch.write("#!/bin/sh\necho $$ >> '\(noted)'\nexec '\(Command.worker)'\n", to: "worker")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        let server = try RunningServer(scratch, environment: ["HYPECLIP_WORKER": script])
        let recording = try Stage.recording(scratch)
        _ = try server.upload("video", recording)
        for line in try String(contentsOfFile: noted, encoding: .utf8).split(separator: "\n") {
            if let worker = Int32(line) { kill(worker, SIGKILL) }
        }
        #expect(try server.ask("/health").status == 200)
        #expect(try server.ask("/upload/video", ["-F", "file=@\(recording)"]).status == 201)
    }

    @Test
    func secretsNeverReachTheLog() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let token = "a-token-that-nobody-may-read"
        let server = try RunningServer(scratch, environment: ["HYPECLIP_SERVER_TOKEN": token])
        #expect(try server.ask("/api/clips").status == 401)
        #expect(try server.ask("/api/clips", ["-H", "Authorization: Bearer wrong"]).status == 401)
        #expect(try server.ask("/api/clips", ["-H", "Authorization: Bearer \(token)"]).status == 200)
        _ = try server.send("POST", "/api/login", #"{"token":"\#(token)"}"#)
        #expect(server.stop() == 0)
        #expect(!server.logged.contains(token))
    }

    @Test
    func aCertificateOfTheSettingsMakesItSpeakTLS() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let (certificate, key) = (scratch.path("certificate.pem"), scratch.path("key.pem"))
        let name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        let kind = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        ]
        try Command.tool("openssl", kind + name + ["-keyout", key, "-out", certificate])
        let server = try RunningServer(
            scratch,
            environment: ["HYPECLIP_SERVER_CERTIFICATE": certificate, "HYPECLIP_SERVER_KEY": key]
        )
        #expect(server.address.hasPrefix("https://"))
        let trust = ["--cacert", certificate]
        #expect(try server.ask("/health", trust).status == 200)
        let hello = try server.ask("/socket.io/?EIO=4&transport=polling", trust)
        #expect(hello.status == 200 && hello.body.starts(with: Data("0{".utf8)))
        let doubting = try Command.run("/usr/bin/env", ["curl", "-sS", server.address + "/health"])
        #expect(doubting.status == 60, "curl believes a certificate that nobody vouches for: \(doubting.errors)")
        #expect(server.stop() == 0)
    }

    @Test
    func wrongSettingsAreAllReportedBeforeAnythingStarts() throws {
        let result = try Command.run(
            Command.hypeclip,
            ["serve", "--host", "0.0.0.0", "--port", "99999"],
            environment: ["HYPECLIP_RETENTION_AGE": "old"]
        )
        #expect(result.status == 1)
        for key in ["server.port", "server.token", "retention.age"] { #expect(result.errors.contains(key)) }
    }
}
