import Foundation
import HTTPTypes
import HypeCore
import HypeEvents
import HypeServer
import HypeStore
import NIOHTTP1
import StoreDouble
import Testing

/// The documentation says what the server does: every line in it is run, every route is in it.
@Suite
struct DocumentationTests {
    /// A line for a terminal and the status that it is said to give.
    private struct Line {
        var command: String
        var status: Int
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func lines() throws -> [Line] {
        let text = try String(contentsOf: Self.root.appendingPathComponent("docs/api.md"), encoding: .utf8)
        return try text.split(separator: "\n").filter { $0.hasPrefix("curl ") }.map { line in
            let parts = line.split(separator: "#").map { $0.trimmingCharacters(in: .whitespaces) }
            return Line(command: try #require(parts.first), status: try #require(parts.last.flatMap { Int($0) }))
        }
    }

    private func description() throws -> [String: Any] {
        let file = Self.root.appendingPathComponent("Sources/HypeServer/openapi.json")
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        return try #require(document?["paths"] as? [String: Any])
    }

    @Test
    func theDescriptionAndTheRoutesAreTheSame() async throws {
        let described = try description().flatMap { path, operations in
            ((operations as? [String: Any]) ?? [:]).keys.map { "\($0.uppercased()) \(path)" }
        }
        try await TestServer.run { server in
            let registered = server.server.routes.map { "\($0.method.rawValue) \($0.template)" }
            #expect(described.sorted() == registered.sorted())
            let served = try await server.client.send(.GET, "/openapi.json")
            let file = Self.root.appendingPathComponent("Sources/HypeServer/openapi.json")
            #expect(try served.body == Data(contentsOf: file))
        }
    }

    @Test
    func theBinaryCarriesEveryFileOfTheDashboard() throws {
        let folder = Self.root.appendingPathComponent("Sources/HypeServer/Dashboard").path
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        // Scripts/list-assets writes the list.
        #expect(Assets.names == (files + ["openapi.json"]).sorted())
    }

    @Test
    func everyRouteHasALineAndEveryLineGivesItsStatus() async throws {
        let lines = try lines()
        try await TestServer.run { server in
            let names = try await prepare(server)
            var missing = Set(server.server.routes.map { "\($0.method.rawValue) \($0.template)" })
            let table = RouteTable(server.server.routes)
            for line in lines {
                var command = line.command.replacing("127.0.0.1:3000", with: "127.0.0.1:\(server.client.port)")
                for (name, value) in names { command = command.replacing("$\(name)", with: value) }
                let answer = try await curl(command, in: server.folder)
                let isAbsent =
                    command.contains("/thumbnail") || Assets.named("index.html") == nil && isDashboard(command)
                #expect(answer.status == (isAbsent ? 404 : line.status), "\(line.command)")
                let target = try RequestTarget(answer.path)
                if case .route(let route, _) = table.find(answer.method, target.segments) {
                    missing.remove("\(route.method.rawValue) \(route.template)")
                } else {
                    Issue.record("no route for \(line.command)")
                }
            }
            #expect(missing.isEmpty)
        }
    }

    private func isDashboard(_ command: String) -> Bool {
        command.contains("/dashboard/") || command.hasSuffix("/")
    }

    /// Makes what the lines speak of.
    private func prepare(_ server: TestServer) async throws -> [String: String] {
        for (name, content) in [
            ("sound.wav", Samples.sound), ("demo.mp4", Samples.film), ("chat.json", Data(#"{"comments":[]}"#.utf8)),
        ] { try content.write(to: server.folder.appendingPathComponent(name)) }
        try await server.store.insert(Samples.clip("c1"))
        let event = try #require(await server.events.publish(.moment, session: "s", ["n": 1]))
        let webhook = Webhook(id: "w1", url: "https://93.184.216.34/", secret: "secret", events: [], createdAt: .now)
        try await server.store.save(webhook)
        var delivery = Delivery(id: "d1", webhookId: "w1", event: event, dueAt: .now)
        delivery.state = .dead
        try await server.store.save(delivery)
        _ = try await server.client.json(.POST, "/api/sessions", #"{"upload":"x"}"#)
        let form = Samples.form(Samples.sound)
        let type = "multipart/form-data; boundary=frontier"
        let upload = try await server.client.send(.POST, "/upload/audio", ["Content-Type": type], body: form).document()
        let tus = try await server.client.send(
            .POST,
            "/api/uploads",
            ["Tus-Resumable": "1.0.0", "Upload-Length": "10"]
        )
        let job = try await server.client.json(.POST, "/predict?async=1", #"{"audio":"\#(upload["uploadId"] ?? "")"}"#)
        return [
            "PREDICTION": try #require(try job.document()["id"] as? String), "TOKEN": "x",
            "FILE": Assets.names.first { $0 != "openapi.json" } ?? "none.js", "CLIP": "c1",
            "SESSION": "session-1", "WEBHOOK": "w1", "DELIVERY": "d1",
            "UPLOAD": try #require(upload["uploadId"] as? String),
            "RESUMABLE": String(try #require(tus.headers.first(name: "Location")).dropFirst("/api/uploads/".count)),
        ]
    }

    /// Runs a line as a person would.
    private func curl(
        _ command: String,
        in folder: URL
    ) async throws -> (status: Int, method: HTTPRequest.Method, path: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let format = #"\n%{http_code} %{method} %{url_effective}"#
        process.arguments = ["-c", command.replacing("curl ", with: "curl -sS -w '\(format)' ", maxReplacements: 1)]
        process.currentDirectoryURL = folder
        // A file and no pipe: answers may be longer than a pipe holds.
        let file = folder.appendingPathComponent("answer-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        process.standardOutput = try FileHandle(forWritingTo: file)
        process.standardError = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        let last = String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n").last ?? ""
        let words = last.split(separator: " ")
        try #require(words.count == 3, "\(command): \(last)")
        let path =
            words[2].split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true).dropFirst(2).first ?? ""
        return (Int(words[0]) ?? 0, try #require(HTTPRequest.Method(String(words[1]))), "/\(path)")
    }
}
