import Foundation
import HypeServer
import NIOHTTP1
import Testing

@Suite
struct UploadRouteTests {
    private static let form: HTTPHeaders = ["Content-Type": "multipart/form-data; boundary=frontier"]

    @Test
    func aSoundIsUploadedDescribedAndUsed() async throws {
        try await TestServer.run { server in
            let client = server.client
            let made = try await client.send(.POST, "/upload/audio", Self.form, body: Samples.form(Samples.sound))
            try #require(made.status == 201, "\(made.text)")
            let document = try made.document()
            #expect(document["kind"] as? String == "audio")
            #expect(document["bytes"] as? Int == Samples.sound.count)
            #expect(document["durationSeconds"] as? Double == 2.5)
            #expect(!made.text.contains(server.folder.path))
            let id = try #require(document["uploadId"] as? String)
            #expect(try await client.send(.GET, "/api/uploads/\(id)").document()["name"] as? String == "sound.wav")
            let emotion = try await client.json(.POST, "/predict", #"{"audio":"\#(id)","fusion":"early"}"#)
            #expect(emotion.text == #"{"dominant_emotion":"happy","fusion":"early"}"#)
            let metrics = try await client.send(.GET, "/metrics").text
            #expect(metrics.contains("hypeclip_uploads_total 1\n"))
            #expect(metrics.contains("hypeclip_upload_bytes_total \(Samples.sound.count)\n"))
        }
    }

    @Test
    func predictTakesAFileAndKeepsNothing() async throws {
        try await TestServer.run { server in
            let answer = try await server.client.send(.POST, "/predict", Self.form, body: Samples.form(Samples.sound))
            #expect(answer.text.contains("happy"))
            let folder = server.folder.appendingPathComponent("uploads").path
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test
    func whatIsNotWhatItShouldBeIsRefusedAndRemoved() async throws {
        let media = FakeMedia(failure: RequestFailure(.unreadable, "The file holds no media."))
        try await TestServer.run(media: media) { server in
            let client = server.client
            for (path, file, status) in [
                ("/upload/video", Samples.sound, 415), ("/upload/chat", Samples.sound, 415),
                ("/upload/audio", Data("no sound".utf8), 415), ("/upload/audio", Samples.sound, 422),
                ("/predict", Samples.sound, 422),
            ] {
                let answer = try await client.send(.POST, path, Self.form, body: Samples.form(file))
                #expect(answer.status == status, "\(path): \(answer.text)")
            }
            let folder = server.folder.appendingPathComponent("uploads").path
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
            #expect(try await client.send(.POST, "/upload/audio", body: Data("x".utf8)).status / 100 == 4)
            #expect(try await client.json(.POST, "/predict", "{}").status == 400)
        }
    }

    @Test
    func withoutAWorkerAnUploadIsTakenAllTheSame() async throws {
        let media = FakeMedia(failure: RequestFailure(.unavailable, "The worker restarts."))
        try await TestServer.run(media: media) { server in
            let made = try await server.client.send(
                .POST,
                "/upload/audio",
                Self.form,
                body: Samples.form(Samples.sound)
            )
            #expect(made.status == 201)
            #expect(try made.document()["durationSeconds"] == nil)
        }
    }

    @Test
    func aChatLogIsTaken() async throws {
        try await TestServer.run { server in
            let log = Data(#"{"comments":[]}"#.utf8)
            let made = try await server.client.send(
                .POST,
                "/upload/chat",
                Self.form,
                body: Samples.form(log, name: "chat.json")
            )
            #expect(made.status == 201)
            #expect(try made.document()["kind"] as? String == "chat")
        }
    }

    @Test
    func aResumableUploadGoesOnWhereItStopped() async throws {
        try await TestServer.run { server in
            let client = server.client
            let sound = Samples.sound
            var tus: HTTPHeaders = ["Tus-Resumable": "1.0.0", "Upload-Length": "\(sound.count)"]
            let made = try await client.send(.POST, "/api/uploads", tus)
            try #require(made.status == 201, "\(made.text)")
            let path = try #require(made.headers.first(name: "Location"))
            tus = ["Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"]
            let first = try await client.send(.PATCH, path, tus, body: sound.prefix(1000))
            #expect(first.headers.first(name: "Upload-Offset") == "1000")
            let wrong = try await client.send(.PATCH, path, tus, body: sound.prefix(10))
            #expect(wrong.status == 409)
            #expect(wrong.headers.first(name: "Content-Type") == "application/problem+json")
            let head = try await client.send(.HEAD, path, ["Tus-Resumable": "1.0.0"])
            #expect(head.headers.first(name: "Upload-Offset") == "1000")
            tus.replaceOrAdd(name: "Upload-Offset", value: "1000")
            #expect(try await client.send(.PATCH, path, tus, body: sound.dropFirst(1000)).status == 204)
            let document = try await client.send(.GET, path).document()
            #expect(document["kind"] as? String == "audio")
            #expect(try await client.send(.DELETE, path, ["Tus-Resumable": "1.0.0"]).status == 204)
            #expect(try await client.send(.GET, path).status == 404)
            let options = try await client.send(.OPTIONS, "/api/uploads")
            #expect(options.headers.first(name: "Tus-Version") == "1.0.0")
        }
    }

    @Test
    func uploadsAreLimitedByAddress() async throws {
        var settings = ServerSettings()
        settings.uploads = ServerSettings.Rate(burst: 2, perMinute: 1)
        try await TestServer.run(settings) { server in
            var statuses: [Int] = []
            for _ in 0..<3 {
                let form = Samples.form(Samples.sound)
                statuses.append(try await server.client.send(.POST, "/upload/audio", Self.form, body: form).status)
            }
            #expect(statuses == [201, 201, 429])
        }
    }

    @Test
    func aClientThatAsksIsToldToGoOnBeforeItSends() async throws {
        try await TestServer.run { server in
            let port = server.client.port
            let form = Samples.form(Samples.sound)
            let head =
                "POST /upload/audio HTTP/1.1\r\nHost: localhost:\(port)\r\nExpect: 100-continue\r\nConnection: close\r\n"
                + "Content-Type: multipart/form-data; boundary=frontier\r\nContent-Length: \(form.count)\r\n\r\n"
            let (asked, answer) = try await server.client.expectContinue(head, body: form)
            #expect(asked.hasPrefix("HTTP/1.1 100 "))
            #expect(answer.hasPrefix("HTTP/1.1 201 "))
            let refused = try await server.client.raw(head.replacing("/upload/audio", with: "/upload/nothing"))
            #expect(refused.hasPrefix("HTTP/1.1 404 "))
            #expect(refused.lowercased().contains("connection: close"))
        }
    }
}
