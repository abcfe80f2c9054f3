import Foundation
import HypeCore
import HypeServer
import NIOHTTP1
import ServiceLifecycle
import TestSupport
import Testing

/// What is HTTP rather than ours: methods, malformed requests, limits, the end.
@Suite
struct ProtocolTests {
    @Test
    func unknownPathsAndMethodsAreProblems() async throws {
        try await TestServer.run { server in
            let nothing = try await server.client.send(.GET, "/nothing")
            #expect(nothing.status == 404)
            #expect(try nothing.document()["title"] as? String == "Not Found")
            let other = try await server.client.send(.DELETE, "/api/clips")
            #expect(other.status == 405)
            #expect(other.headers.first(name: "Allow") == "GET, HEAD, OPTIONS")
            let options = try await server.client.send(.OPTIONS, "/api/clips")
            #expect(options.status == 204)
        }
    }

    @Test(
        arguments: [
            ("{", "The document is not JSON.", nil),
            (
                #"{"pace":"fast"}"#, "The source is not clear: name exactly one of upload, rtmp, url and capture.",
                "upload"
            ),
            (
                #"{"upload":"a","rtmp":"main"}"#,
                "The source is not clear: name exactly one of upload, rtmp, url and capture.", "upload"
            ),
            (#"{"upload":7}"#, "The field “upload” must be a text.", "upload"),
            (#"{"upload":"a","pace":"slow"}"#, "The field “pace” has a value that is not allowed.", "pace"),
            ("[]", "The document must be an object.", ""),
        ]
    )
    func aWrongDocumentNamesItsField(text: String, detail: String, field: String?) async throws {
        try await TestServer.run { server in
            let answer = try await server.client.json(.POST, "/api/sessions", text)
            #expect(answer.status == 400)
            let document = try answer.document()
            #expect(document["detail"] as? String == detail)
            #expect((document["errors"] as? [[String: String]])?.first?["field"] == field)
        }
    }

    @Test
    func documentsMustBeJSONAndSmall() async throws {
        try await TestServer.run { server in
            let form = try await server.client.send(
                .POST,
                "/api/sessions",
                ["Content-Type": "text/plain"],
                body: Data("{}".utf8)
            )
            #expect(form.status == 415)
            let large = #"{"upload":"\#(String(repeating: "a", count: 70_000))"}"#
            #expect(try await server.client.json(.POST, "/api/sessions", large).status == 413)
        }
    }

    @Test(
        arguments: [
            ("GARBAGE\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "a", count: 40_000))\r\n\r\n", 431),
            ("GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400),
        ]
    )
    func whatIsNotHTTPIsAProblem(text: String, status: Int) async throws {
        try await TestServer.run { server in
            let answer = try await server.client.raw(text)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.contains("application/problem+json"))
            #expect(answer.lowercased().contains("x-request-id: "))
        }
    }

    @Test
    func requestsOfOneConnectionAreAnsweredInOrder() async throws {
        try await TestServer.run { server in
            let one = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let post =
                "POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"token\":\"x\"}"
            let last = "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let text = try await server.client.raw(one + post + last)
            // A body without a line end stands right before the next answer.
            #expect(text.matches(of: /HTTP\/1\.1 (\d+)/).map(\.output.1) == ["200", "204", "404"])
        }
    }

    @Test
    func aClientThatSendsMuchThatNobodyWantsReadsTheAnswer() async throws {
        try await TestServer.run { server in
            let answer = try await server.client.send(.POST, "/nothing", body: Data(count: 8 << 20))
            #expect(answer.status == 404)
            #expect(answer.headers.first(name: "Connection") == "close")
        }
    }

    @Test
    func anAddressInUseIsSaidInWords() async throws {
        try await TestServer.run { server in
            var settings = ServerSettings()
            settings.port = server.client.port
            let second = try HypeServer(settings: settings, parts: server.parts, logger: server.log.logger())
            await #expect { try await second.run() } throws: { error in
                (error as? ServerFailure)?.code == .address && "\(error)".contains("\(server.client.port)")
            }
        }
    }

    @Test
    func aRunningRequestFinishesAfterTheEndWasAsked() async throws {
        try await TestServer.run { server in
            let port = server.client.port
            let form = Samples.form(Samples.sound)
            let head =
                "POST /upload/audio HTTP/1.1\r\nHost: localhost:\(port)\r\nExpect: 100-continue\r\nConnection: close\r\n"
                + "Content-Type: multipart/form-data; boundary=frontier\r\nContent-Length: \(form.count)\r\n\r\n"
            let answer = try await server.client.expectContinue(head, body: form) {
                await server.group.triggerGracefulShutdown()
            }
            #expect(answer.rest.hasPrefix("HTTP/1.1 201 "))
        }
    }

    @Test
    func aRequestThatNeverEndsIsCutOff() async throws {
        var settings = ServerSettings()
        settings.drain = .milliseconds(200)
        await #expect {
            try await TestServer.run(settings) { server in
                let head =
                    "POST /upload/audio HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                    + "Content-Type: multipart/form-data; boundary=frontier\r\nContent-Length: 100000\r\n\r\n"
                _ = try await server.client.expectContinue(head, body: Data("--frontier\r\n".utf8)) {
                    await server.group.triggerGracefulShutdown()
                }
            }
        } throws: { "\($0)".contains("cut off") }
    }
}
