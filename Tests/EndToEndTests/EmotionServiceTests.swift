import Foundation
import Testing

/// `POST /predict` of a running server, with real workers, in good times and bad.
@Suite(.timeLimit(.minutes(5)), .serialized)
struct EmotionServiceTests {
    /// A worker that first writes its number down, so that tests can end or stop it.
    private struct Workers {
        let script: String
        private let noted: String

        init(_ scratch: Scratch) throws {
            noted = scratch.path("workers")
            script = try scratch.write("#!/bin/sh\necho $$ >> '\(noted)'\nexec '\(Command.worker)'\n", to: "worker")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        }

        var all: [Int32] {
            let text = (try? String(contentsOfFile: noted, encoding: .utf8)) ?? ""
            return text.split(separator: "\n").compactMap { Int32($0) }
        }

        func signal(_ number: Int32) { for worker in all { kill(worker, number) } }

        /// Processor time of each worker that lives, in hundredths of a second.
        var work: [Int32: Int] {
            var work: [Int32: Int] = [:]
            for worker in all {
                guard let text = try? String(contentsOfFile: "/proc/\(worker)/stat", encoding: .utf8),
                    let name = text.lastIndex(of: ")")
                else { continue }
                let fields = text[text.index(after: name)...].split(separator: " ")
                if fields.count > 12, let user = Int(fields[11]), let kernel = Int(fields[12]) {
                    work[worker] = user + kernel
                }
            }
            return work
        }
    }

    /// A server whose workers are warm.
    private func server(
        _ scratch: Scratch,
        workers: Int,
        _ environment: [String: String] = [:]
    ) throws -> RunningServer {
        let own = ["HYPECLIP_PREDICT_WORKERS": "\(workers)"].merging(environment) { $1 }
        let server = try RunningServer(scratch, environment: own)
        try wait { try self.part(server)["state"] == "ok" }
        return server
    }

    private func part(_ server: RunningServer) throws -> [String: String] {
        let parts = try server.ask("/health").object()["parts"] as? [String: [String: String]]
        return try #require(parts?["predict"])
    }

    private func measure(_ server: RunningServer, _ name: String) throws -> Double {
        let text = String(bytes: try server.ask("/metrics").body, encoding: .utf8) ?? ""
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("hypeclip_predict_\(name) ") })
        return try #require(line.split(separator: " ").last.flatMap { Double($0) })
    }

    /// Asks again and again until something holds; fails after a minute.
    private func wait(_ holds: () throws -> Bool) throws {
        let end = ContinuousClock.now + .seconds(60)
        while try !holds() { try #require(ContinuousClock.now < end, "what was waited for did not happen") }
    }

    /// Speech of some length: about three seconds, over and over.
    private func speech(_ scratch: Scratch, seconds: Int? = nil, name: String = "speech.wav") throws -> String {
        let once = scratch.path("once-\(name)")
        try Command.tool("espeak-ng", ["-w", once, "-p", "80", "did you see that, this is the best day"])
        let path = scratch.path(name)
        let repeated = seconds.map { ["-stream_loop", "-1", "-t", "\($0)"] } ?? []
        try Command.tool("ffmpeg", ["-v", "error", "-nostdin"] + repeated + ["-i", once, "-y", path])
        return path
    }

    /// A request that goes on while the test does other things.
    private func begin(_ server: RunningServer, _ arguments: [String]) throws -> Process {
        let curl = Process()
        curl.executableURL = URL(filePath: "/usr/bin/env")
        curl.arguments = ["curl", "-sS", "-o", "/dev/null", "--max-time", "120"] + arguments
        curl.standardError = FileHandle.nullDevice
        try curl.run()
        return curl
    }

    private func end(_ curl: Process) {
        kill(curl.processIdentifier, SIGKILL)
        curl.waitUntilExit()
    }

    @Test
    func aVoiceIsReadByFormAndByUpload() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let server = try server(scratch, workers: 1)
        let file = try speech(scratch)
        let direct = try server.ask("/predict", ["-F", "file=@\(file)"])
        try #require(direct.status == 200, "\(String(bytes: direct.body, encoding: .utf8) ?? "")")
        let answer = try direct.object()
        #expect(answer["file"] as? String == "speech.wav")
        let scores = try #require(answer["emotion"] as? [String: Double])
        #expect(abs(scores.values.reduce(0, +) - 1) < 1e-4)
        let upload = try server.upload("audio", file)
        let again = try server.send("POST", "/predict?explain=1&deadline=60000", #"{"audio":"\#(upload)"}"#).object()
        #expect(again["emotion"] as? [String: Double] == scores, "the same file has the same answer")
        let missing = try server.send("POST", "/predict", #"{"audio":"\#(upload)","model":"no-such-model"}"#)
        #expect(missing.status == 400)
        #expect(try measure(server, "served") == 2)
        #expect(server.stop() == 0)
    }

    @Test
    func aBatchWithHostileFilesAnswersTheOthers() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let server = try server(scratch, workers: 2)
        let good = try server.upload("audio", try speech(scratch))
        // A header of sound and nothing behind it but noise and a length that is a lie.
        var bytes = try Data(contentsOf: URL(filePath: scratch.path("speech.wav"))).prefix(44)
        bytes.replaceSubrange(22..<24, with: [0xFF, 0xFF])
        try bytes.write(to: URL(filePath: scratch.path("bad.wav")))
        let refused = try server.ask("/predict", ["-F", "file=@\(scratch.path("bad.wav"))"])
        #expect([415, 422].contains(refused.status))
        #expect(!(String(bytes: refused.body, encoding: .utf8) ?? "").contains(scratch.folder.path))
        let items = [good, "00000000000000000000000000", good].map { #"{"audio":"\#($0)"}"# }.joined(separator: ",")
        let answer = try server.send("POST", "/predict", #"{"items":[\#(items)]}"#)
        try #require(answer.status == 200)
        let results = try #require(try JSONSerialization.jsonObject(with: answer.body) as? [[String: Any]])
        #expect(results.map { ($0["error"] as? [String: Any])?["status"] as? Int } == [nil, 404, nil])
        #expect(results[0]["emotion"] as? [String: Double] == results[2]["emotion"] as? [String: Double])
    }

    @Test
    func workersThatAreKilledInTheMiddleOfARequestCostNoAnswer() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let workers = try Workers(scratch)
        let server = try server(scratch, workers: 2, ["HYPECLIP_WORKER": workers.script])
        let long = try speech(scratch, seconds: 600)
        let body = scratch.path("answer")
        let curl = Process()
        curl.executableURL = URL(filePath: "/usr/bin/env")
        curl.arguments = [
            "curl", "-sS", "--max-time", "120", "-o", body, "-w", "%{http_code}", "-F", "file=@\(long)",
            server.address + "/predict?async=0",
        ]
        let status = Pipe()
        curl.standardOutput = status
        try curl.run()
        try wait { try measure(server, "workers_busy") == 1 }
        workers.signal(SIGKILL)
        let code = String(bytes: status.fileHandleForReading.readDataToEndOfFile(), encoding: .utf8)
        curl.waitUntilExit()
        #expect(code == "200")
        #expect(try measure(server, "retried") == 1)
        #expect(try measure(server, "guilty") == 0)
        try wait { try part(server)["state"] == "ok" }
        #expect(workers.all.count >= 5, "one looks into uploads, two read emotions, and those are new")
    }

    @Test
    func aWorkerThatHangsTwiceIsTheFaultOfItsFileAlone() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let workers = try Workers(scratch)
        let server = try server(
            scratch,
            workers: 2,
            ["HYPECLIP_WORKER": workers.script, "HYPECLIP_PREDICT_SILENCE": "2"]
        )
        let long = try speech(scratch, seconds: 1800)
        let short = try speech(scratch, name: "short.wav")
        let idle = workers.work
        let hanging = try begin(server, ["-F", "file=@\(long)", server.address + "/predict?async=0"])
        defer { end(hanging) }
        // A stopped process says nothing: the one that works on the file, and then the one that tries it again.
        var stopped: Set<Int32> = []
        for attempt in 1...2 {
            try wait {
                let work = workers.work
                let working = idle.keys.first { (work[$0] ?? 0) - (idle[$0] ?? 0) >= 50 && !stopped.contains($0) }
                guard let working else { return false }
                kill(working, SIGSTOP)
                stopped.insert(working)
                return true
            }
            try wait { try measure(server, attempt == 1 ? "retried" : "guilty") == 1 }
        }
        hanging.waitUntilExit()
        #expect(try server.ask("/predict", ["-F", "file=@\(short)"]).status == 200)
    }

    @Test
    func whoGoesAwayMakesRoomAtOnce() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let server = try server(scratch, workers: 1)
        let long = try speech(scratch, seconds: 1200)
        let short = try speech(scratch, name: "short.wav")
        let curl = try begin(server, ["-F", "file=@\(long)", server.address + "/predict?async=0"])
        try wait { try measure(server, "workers_busy") == 1 }
        end(curl)
        try wait { try measure(server, "cancelled") == 1 }
        try wait { try measure(server, "workers_busy") == 0 }
        #expect(try server.ask("/predict", ["-F", "file=@\(short)"]).status == 200)
        #expect(try measure(server, "workers_died") == 0)
    }

    @Test
    func whoComesTooLateIsToldWhenToComeBack() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let server = try server(scratch, workers: 1, ["HYPECLIP_PREDICT_QUEUE": "1"])
        let long = try speech(scratch, seconds: 1200)
        let address = server.address + "/predict?async=0"
        let running = try begin(server, ["-F", "file=@\(long)", address])
        defer { end(running) }
        try wait { try measure(server, "workers_busy") == 1 }
        let waiting = try begin(server, ["-F", "file=@\(long)", address])
        defer { end(waiting) }
        try wait { try measure(server, "waiting") == 1 }
        #expect(try part(server)["state"] == "degraded")
        let headers = scratch.path("headers")
        let refused = try server.ask("/predict", ["-F", "file=@\(try speech(scratch))", "-D", headers])
        #expect(refused.status == 429)
        let fields = try String(contentsOfFile: headers, encoding: .utf8).lowercased()
        #expect(fields.contains(/retry-after: [1-9][0-9]*\s/))
        let hopeless = try server.ask("/predict?deadline=20", ["-F", "file=@\(scratch.path("speech.wav"))"])
        #expect(hopeless.status == 429)
    }

    @Test
    func aLongFileIsReadInTheBackgroundWithProgressOnBothLines() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let server = try server(scratch, workers: 2)
        // More than a mebibyte, and longer than a minute.
        let long = try speech(scratch, seconds: 150)
        let client = try Poller(server)
        let accepted = try server.ask("/predict", ["-F", "file=@\(long)"])
        try #require(accepted.status == 202, "\(String(bytes: accepted.body, encoding: .utf8) ?? "")")
        let id = try #require(try accepted.object()["id"] as? String)
        let heard = try client.events { $0.contains(id) && $0.contains(#""done""#) }.filter { $0.contains(id) }
        #expect(heard.first?.contains(#""queued""#) == true)
        #expect(heard.contains { $0.contains(#""running""#) })
        let document = try server.ask("/api/predictions/\(id)").object()
        #expect(document["state"] as? String == "done" && document["percent"] as? Int == 100)
        #expect((document["result"] as? [String: Any])?["emotion"] is [String: Double])
        // The same over Server-Sent Events, from the beginning.
        let stream = try Command.run(
            "/usr/bin/env",
            ["curl", "-sSN", "--max-time", "2", "\(server.address)/api/events?after=0"]
        ).output
        let told = stream.split(separator: "\n\n").filter { $0.contains("event: predictProgress") && $0.contains(id) }
        #expect(told.count == heard.count, "what Socket.IO told, Server-Sent Events tell")
        let percents = try told.map { block in
            let line = try #require(block.split(separator: "\n").first { $0.hasPrefix("data: ") })
            let event = try JSONSerialization.jsonObject(with: Data(line.dropFirst(6).utf8)) as? [String: Any]
            return try #require(event?["percent"] as? Int)
        }
        #expect(percents == percents.sorted() && percents.last == 100)
    }

    @Test
    func aJobInTheBackgroundIsGivenUp() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let server = try server(scratch, workers: 1)
        let long = try speech(scratch, seconds: 1800)
        let accepted = try server.ask("/predict?async=1", ["-F", "file=@\(long)"])
        let id = try #require(try accepted.object()["id"] as? String)
        try wait { try measure(server, "workers_busy") == 1 }
        let given = try server.ask("/api/predictions/\(id)", ["-X", "DELETE"])
        #expect(try given.object()["state"] as? String == "cancelled")
        try wait { try measure(server, "workers_busy") == 0 }
        #expect(try measure(server, "workers_died") == 0)
        #expect(try server.ask("/api/predictions/\(id)").object()["state"] as? String == "cancelled")
    }

    @Test
    func withoutTheModelsTheAnswerIsTheCommandThatBringsThem() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        // A copy of the programs has no models around it.
        let folder = scratch.path("bin")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for program in ["hypeclip", "hypeclip-worker"] {
            try FileManager.default.copyItem(
                atPath: Command.products.appending(path: program).path,
                toPath: "\(folder)/\(program)"
            )
        }
        let server = try RunningServer(
            scratch,
            environment: ["XDG_DATA_HOME": scratch.path("home"), "HYPECLIP_MODEL_PATH": scratch.path("none")],
            executable: "\(folder)/hypeclip"
        )
        try wait { try part(server)["state"] == "missing" }
        let answer = try server.ask("/predict", ["-F", "file=@\(try speech(scratch))"])
        #expect(answer.status == 503)
        let detail = try #require(try answer.object()["detail"] as? String)
        #expect(detail.contains("hypeclip models pull") && detail.contains("voice-emotion"))
        #expect(!detail.contains(scratch.folder.path))
    }
}

/// A Socket.IO client that polls, on curl.
private struct Poller {
    private let server: RunningServer
    private let path: String

    init(_ server: RunningServer) throws {
        self.server = server
        let hello = try server.ask("/socket.io/?EIO=4&transport=polling").body.dropFirst()
        let document = try JSONSerialization.jsonObject(with: Data(hello)) as? [String: Any]
        path = "/socket.io/?EIO=4&transport=polling&sid=\(try #require(document?["sid"] as? String))"
        _ = try server.ask(path, ["-d", "40"])
        _ = try server.ask(path)
    }

    /// All events until one of them is the last.
    func events(until isLast: (String) -> Bool) throws -> [String] {
        var events: [String] = []
        while true {
            let answer = try server.ask(path)
            try #require(answer.status == 200)
            for packet in (String(bytes: answer.body, encoding: .utf8) ?? "").split(separator: "\u{1e}") {
                if packet == "2" { _ = try server.ask(path, ["-d", "3"]) }
                guard packet.hasPrefix("42") else { continue }
                events.append(String(packet))
                if isLast(String(packet)) { return events }
            }
        }
    }
}
