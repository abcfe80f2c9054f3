import Foundation
import HypeCore
import HypeServer
import NIOCore
import NIOHTTP1
import StoreDouble
import Synchronization
import Testing

/// `/predict` and the jobs behind it, with a reader that does what each test wants.
@Suite(.timeLimit(.minutes(1)))
struct PredictionRouteTests {
    private static let form: HTTPHeaders = ["Content-Type": "multipart/form-data; boundary=frontier"]

    /// What the reader was asked.
    private final class Notes: Sendable {
        private let jobs = Mutex<[EmotionJob]>([])
        var all: [EmotionJob] { jobs.withLock { $0 } }
        func add(_ job: EmotionJob) { jobs.withLock { $0.append(job) } }
    }

    private func upload(_ server: TestServer) async throws -> String {
        let made = try await server.client.send(.POST, "/upload/audio", Self.form, body: Samples.form(Samples.sound))
        return try #require(try made.document()["uploadId"] as? String)
    }

    private func objects(_ answer: TestAnswer) throws -> [[String: Any]] {
        try #require(try JSONSerialization.jsonObject(with: answer.body) as? [[String: Any]])
    }

    private func leftovers(_ server: TestServer) throws -> Int {
        let folder = server.folder.appendingPathComponent("uploads").path
        return try FileManager.default.contentsOfDirectory(atPath: folder).count
    }

    // MARK: Wishes

    @Test
    func wishesReachTheReaderFromTheAddressTheDocumentAndTheForm() async throws {
        let notes = Notes()
        var media = FakeMedia()
        media.answer = { job, _ in
            notes.add(job)
            return Data("{}".utf8)
        }
        try await TestServer.run(media: media) { server in
            let id = try await upload(server)
            let client = server.client
            _ = try await client.json(
                .POST,
                "/predict?explain=1&deadline=40",
                #"{"audio":"\#(id)","fusion":"early","deadline":900,"model":"voice-emotion"}"#
            )
            let field = "--frontier\r\nContent-Disposition: form-data; name=\"deadline\"\r\n\r\n70\r\n"
            let body = Data(field.utf8) + Samples.form(Samples.sound, name: "laugh.wav")
            let answer = try await client.send(.POST, "/predict?fusion=late", Self.form, body: body)
            #expect(answer.status == 200, "\(answer.text)")
            _ = try await client.json(.POST, "/predict", #"{"audio":"\#(id)"}"#)
        }
        let jobs = notes.all
        #expect(jobs.map(\.fusion) == [.early, .late, .late])
        #expect(jobs.map(\.deadline) == [.milliseconds(40), .milliseconds(70), nil])
        #expect(jobs.map(\.explains) == [true, false, false])
        #expect(jobs.map(\.model) == ["voice-emotion", nil, nil])
        #expect(jobs.map(\.name) == ["sound.wav", "laugh.wav", "sound.wav"])
        #expect(jobs.allSatisfy { $0.client == "127.0.0.1" })
    }

    @Test(
        arguments: [
            ("?deadline=0", "{}"), ("?deadline=soon", "{}"), ("?explain=maybe", "{}"), ("?fusion=cold", "{}"),
            ("?async=perhaps", #"{"audio":"ID"}"#), ("", #"{"audio":"ID","deadline":-1}"#), ("", "{}"),
            ("", #"{"items":[]}"#), ("", #"{"audio":"ID","model":""}"#), ("?async=1", #"{"items":[{"audio":"ID"}]}"#),
            ("", #"{"audio":7}"#),
        ]
    )
    func nonsenseIsRefused(query: String, body: String) async throws {
        try await TestServer.run { server in
            let id = try await upload(server)
            let answer = try await server.client.json(.POST, "/predict" + query, body.replacing("ID", with: id))
            #expect(answer.status == 400, "\(answer.text)")
        }
    }

    // MARK: Back-pressure

    @Test
    func whoIsTurnedAwayIsToldWhenToComeBack() async throws {
        let media = FakeMedia(failure: RequestFailure(.busy, "Too many wait.", retryAfter: 7))
        try await TestServer.run(media: media) { server in
            let answer = try await server.client.send(.POST, "/predict", Self.form, body: Samples.form(Samples.sound))
            #expect(answer.status == 429)
            #expect(answer.headers.first(name: "Retry-After") == "7")
            #expect(answer.headers.first(name: "Content-Type") == "application/problem+json")
            #expect(try leftovers(server) == 0)
        }
    }

    @Test
    func aMissingModelIsSaidWithTheCommandThatBringsIt() async throws {
        let media = FakeMedia(
            failure: RequestFailure(.unavailable, "Bring it with: hypeclip models pull voice-emotion")
        )
        try await TestServer.run(media: media) { server in
            let answer = try await server.client.send(.POST, "/predict", Self.form, body: Samples.form(Samples.sound))
            #expect(answer.status == 503)
            #expect(
                try (answer.document()["detail"] as? String)?.contains("hypeclip models pull voice-emotion") == true
            )
        }
    }

    @Test
    func whenTheClientGoesTheWorkEndsAndNothingIsLeft() async throws {
        let (began, ended) = (StopSignal(), StopSignal())
        var media = FakeMedia()
        media.answer = { _, _ in
            began.give()
            defer { ended.give() }
            try await Task.sleep(for: .seconds(3600))
            return Data()
        }
        try await TestServer.run(media: media) { server in
            let body = Samples.form(Samples.sound)
            let channel = try await server.client.connect()
            try await channel.executeThenClose { _, outbound in
                let head =
                    "POST /predict HTTP/1.1\r\nHost: 127.0.0.1:\(server.client.port)\r\nContent-Length: \(body.count)\r\n"
                    + "Content-Type: multipart/form-data; boundary=frontier\r\n\r\n"
                try await outbound.write(ByteBuffer(bytes: Data(head.utf8) + body))
                await began.wait()
            }
            await ended.wait()
            try await until { try leftovers(server) == 0 }
            let metrics = try await server.client.send(.GET, "/metrics").text
            #expect(metrics.contains(#"route="/predict",status="499"} 1"#))
        }
    }

    // MARK: Batches

    @Test
    func eachEntryOfABatchHasItsOwnAnswer() async throws {
        var media = FakeMedia()
        let order = Mutex(0)
        media.answer = { job, _ in
            let number = order.withLock { order in
                order += 1
                return order
            }
            if job.fusion == .early { throw RequestFailure(.unreadable, "The file cannot be read.") }
            // The first to come is the last to be done.
            for _ in 0..<(number == 1 ? 2_000 : 0) { await Task.yield() }
            return Data(#"{"deadline":\#(Int((job.deadline ?? .zero) / .milliseconds(1)))}"#.utf8)
        }
        try await TestServer.run(media: media) { server in
            let id = try await upload(server)
            let items = [
                #"{"audio":"\#(id)","deadline":11}"#, #"{"audio":"\#(id)","fusion":"early"}"#,
                #"{"audio":"00000000000000000000000000"}"#, #"{"video":"\#(id)"}"#, #"{"audio":"\#(id)"}"#, "{}",
            ]
            let answer = try await server.client.json(
                .POST,
                "/predict",
                #"{"deadline":99,"items":[\#(items.joined(separator: ","))]}"#
            )
            try #require(answer.status == 200, "\(answer.text)")
            let results = try objects(answer)
            let statuses = results.map { ($0["error"] as? [String: Any])?["status"] as? Int }
            #expect(statuses == [nil, 422, 404, 415, nil, 400])
            #expect(results[0]["deadline"] as? Int == 11)
            #expect(results[4]["deadline"] as? Int == 99, "what the whole batch wishes")
            #expect(!answer.text.contains(server.folder.path))
        }
    }

    @Test
    func aBatchOfWhichNothingCouldWaitIsTurnedAwayAsAWhole() async throws {
        var media = FakeMedia()
        media.answer = { _, _ in throw RequestFailure(.busy, "Too many wait.", retryAfter: 3) }
        try await TestServer.run(media: media) { server in
            let id = try await upload(server)
            let answer = try await server.client.json(
                .POST,
                "/predict",
                #"{"items":[{"audio":"\#(id)"},{"audio":"\#(id)"}]}"#
            )
            #expect(answer.status == 429)
            #expect(answer.headers.first(name: "Retry-After") == "3")
        }
    }

    // MARK: In the background

    /// Waits until a job is over.
    private func finished(_ server: TestServer, _ place: String) async throws -> [String: Any] {
        var document: [String: Any] = [:]
        try await until {
            document = try await server.client.send(.GET, place).document()
            return !["queued", "running"].contains(document["state"] as? String)
        }
        return document
    }

    /// What the log says about a job.
    private func progress(_ server: TestServer, _ id: String) async throws -> [String] {
        let records = try await server.store.events(after: 0, session: nil, limit: 1_000)
        return try records.filter { $0.kind == .predictProgress }.compactMap { record in
            let document = try JSONSerialization.jsonObject(with: record.payload) as? [String: Any]
            guard document?["id"] as? String == id else { return nil }
            return "\(document?["status"] ?? "") \(document?["percent"] ?? "")"
        }
    }

    @Test
    func alertsOfAFileInTheBackgroundAreToldBeforeItIsOver() async throws {
        var media = FakeMedia()
        let alert = AttentionAlert(
            kind: .microsleep,
            phase: .begun,
            time: MediaTime(seconds: 7.5),
            since: MediaTime(seconds: 7),
            measure: .closure,
            value: 0.9,
            threshold: 0.8
        )
        media.answer = { job, tell in
            #expect(job.wantsAttention)
            tell(.alert(alert))
            return Data("{}".utf8)
        }
        try await TestServer.run(media: media) { server in
            let accepted = try await server.client.send(
                .POST,
                "/predict?async=1&attention=1",
                Self.form,
                body: Samples.form(Samples.sound)
            )
            #expect(accepted.status == 202, "\(accepted.text)")
            let place = try #require(accepted.headers.first(name: "Location"))
            let document = try await finished(server, place)
            let records = try await server.store.events(after: 0, session: nil, limit: 1_000)
            let position = try #require(records.firstIndex { $0.kind == .attentionAlert })
            #expect(try JSONDecoder().decode(AttentionAlert.self, from: records[position].payload) == alert)
            let told = try JSONSerialization.jsonObject(with: records[position].payload) as? [String: Any]
            #expect(told?["id"] as? String == document["id"] as? String)
            #expect(
                records[position...].contains { $0.kind == .predictProgress },
                "the job was over before its alert was told"
            )
        }
    }

    @Test
    func aFileIsReadInTheBackground() async throws {
        var media = FakeMedia()
        let may = StopSignal()
        media.answer = { job, report in
            report(.progress(0))
            await may.wait()
            return Data(#"{"dominant_emotion":"happy","bounded":\#(job.deadline != nil)}"#.utf8)
        }
        try await TestServer.run(media: media) { server in
            let accepted = try await server.client.send(
                .POST,
                "/predict?async=1&deadline=5",
                Self.form,
                body: Samples.form(Samples.sound)
            )
            try #require(accepted.status == 202, "\(accepted.text)")
            let place = try #require(accepted.headers.first(name: "Location"))
            let id = try #require(try accepted.document()["id"] as? String)
            #expect(place == "/api/predictions/\(id)")
            #expect(try accepted.document()["state"] as? String == "queued")
            try await until { try await server.client.send(.GET, place).document()["state"] as? String == "running" }
            may.give()
            let document = try await finished(server, place)
            #expect(document["state"] as? String == "done")
            #expect(document["percent"] as? Int == 100)
            #expect((document["result"] as? [String: Any])?["dominant_emotion"] as? String == "happy")
            #expect((document["result"] as? [String: Any])?["bounded"] as? Bool == false, "nobody waits for it")
            #expect(document["expiresAt"] != nil)
            try await until { try leftovers(server) == 0 }
            #expect(try await progress(server, id) == ["queued 0", "running 0", "done 100"])
            let list = try await server.client.send(.GET, "/api/predictions").document()
            #expect((list["items"] as? [[String: Any]])?.map { $0["id"] as? String } == [id])
            #expect(try await server.client.send(.GET, "/api/predictions/nobody").status == 404)
        }
    }

    @Test
    func aPreferenceIsHonouredAndSaid() async throws {
        try await TestServer.run { server in
            let id = try await upload(server)
            let answer = try await server.client.json(
                .POST,
                "/predict",
                #"{"audio":"\#(id)"}"#,
                ["Prefer": "wait=5, respond-async"]
            )
            #expect(answer.status == 202)
            #expect(answer.headers.first(name: "Preference-Applied") == "respond-async")
            _ = try await finished(server, try #require(answer.headers.first(name: "Location")))
            #expect(try await server.client.send(.GET, "/api/uploads/\(id)").status == 200, "the upload stays")
        }
    }

    @Test
    func longFilesAreReadInTheBackgroundUnlessTheClientWaits() async throws {
        var settings = ServerSettings()
        settings.predictions.small = 100
        var media = FakeMedia()
        media.length = 61
        try await TestServer.run(settings, media: media) { server in
            let id = try await upload(server)
            let wish = #"{"audio":"\#(id)"}"#
            #expect(try await server.client.json(.POST, "/predict", wish).status == 202)
            #expect(try await server.client.json(.POST, "/predict?async=0", wish).status == 200)
            let bounded = try await server.client.json(.POST, "/predict?deadline=50", wish)
            #expect(bounded.status == 200, "who names a deadline waits")
        }
    }

    @Test
    func aJobIsCancelledWhileItWaitsAndWhileItRuns() async throws {
        let (began, ended) = (StopSignal(), StopSignal())
        var media = FakeMedia()
        media.answer = { _, report in
            report(.progress(0))
            began.give()
            defer { ended.give() }
            try await Task.sleep(for: .seconds(3600))
            return Data()
        }
        try await TestServer.run(media: media) { server in
            let form = Samples.form(Samples.sound)
            var ids: [String] = []
            for _ in 0..<2 {
                let answer = try await server.client.send(.POST, "/predict?async=1", Self.form, body: form)
                ids.append(try #require(try answer.document()["id"] as? String))
            }
            await began.wait()
            for id in ids.reversed() {
                let answer = try await server.client.send(.DELETE, "/api/predictions/\(id)")
                #expect(answer.status == 200)
                #expect(try answer.document()["state"] as? String == "cancelled")
            }
            await ended.wait()
            try await until { try leftovers(server) == 0 }
            #expect(try await progress(server, ids[1]) == ["queued 0", "cancelled 0"])
            #expect(try await progress(server, ids[0]).last == "cancelled 0")
            #expect(try await server.client.send(.DELETE, "/api/predictions/nobody").status == 404)
        }
    }

    @Test
    func aJobThatFailsSaysWhyAndOneThatFindsNoRoomComesBack() async throws {
        var media = FakeMedia()
        let tries = Mutex(0)
        media.answer = { job, _ in
            if job.fusion == .early { throw RequestFailure(.unreadable, "The file cannot be read.") }
            let count = tries.withLock { tries in
                tries += 1
                return tries
            }
            if count == 1 { throw RequestFailure(.busy, "Too many wait.", retryAfter: 1) }
            return Data("{}".utf8)
        }
        try await TestServer.run(media: media) { server in
            let id = try await upload(server)
            let bad = try await server.client.json(.POST, "/predict?async=1&fusion=early", #"{"audio":"\#(id)"}"#)
            let failed = try await finished(server, try #require(bad.headers.first(name: "Location")))
            #expect(failed["state"] as? String == "failed")
            #expect((failed["problem"] as? [String: Any])?["status"] as? Int == 422)
            #expect(failed["reason"] as? String == "The file cannot be read.")
            let busy = try await server.client.json(.POST, "/predict?async=1", #"{"audio":"\#(id)"}"#)
            let done = try await finished(server, try #require(busy.headers.first(name: "Location")))
            #expect(done["state"] as? String == "done")
            #expect(tries.withLock { $0 } == 2)
        }
    }

    @Test
    func atTheEndOfTheServerJobsAreCancelledAndToldSo() async throws {
        let began = StopSignal()
        var media = FakeMedia()
        media.answer = { _, report in
            report(.progress(0))
            began.give()
            try await Task.sleep(for: .seconds(3600))
            return Data()
        }
        let (server, id) = try await TestServer.run(media: media) { server in
            let answer = try await server.client.send(
                .POST,
                "/predict?async=1",
                Self.form,
                body: Samples.form(Samples.sound)
            )
            await began.wait()
            return (server, try #require(try answer.document()["id"] as? String))
        }
        #expect(try await progress(server, id).last == "cancelled 0")
    }

    @Test
    func metricsTellOfTheWorkers() async throws {
        try await TestServer.run { server in
            let metrics = try await server.client.send(.GET, "/metrics").text
            #expect(metrics.contains("hypeclip_predict_workers 2.0\n"))
            #expect(metrics.contains("hypeclip_predict_waiting_most 32.0\n"))
        }
    }
}
