import Foundation
import HTTPTypes
import HypeServer
import HypeStore
import NIOHTTP1
import StoreDouble
import TestSupport
import Testing

/// Who is let in, and what nobody gets to see.
@Suite
struct SecurityTests {
    private static let token = "correct-horse-battery-staple"

    private static var closed: ServerSettings {
        var settings = ServerSettings()
        settings.token = token
        return settings
    }

    @Test
    func everyRouteButTheOpenOnesNeedsTheToken() async throws {
        try await TestServer.run(Self.closed) { server in
            for route in server.server.routes {
                let path = route.template.description.replacing(/\{[a-z]+\}/, with: "x")
                let method = HTTPMethod(rawValue: route.method.rawValue)
                let answer = try await server.client.send(method, path)
                if route.effect == .open {
                    #expect(answer.status != 401, "\(method) \(path)")
                } else {
                    #expect(answer.status == 401, "\(method) \(path)")
                    #expect(answer.headers.first(name: "WWW-Authenticate")?.hasPrefix("Bearer") == true)
                }
            }
        }
    }

    @Test
    func theTokenIsTakenAsBearerOnlyWhereItIsRight() async throws {
        try await TestServer.run(Self.closed) { server in
            for (field, status) in [
                ("Bearer \(Self.token)", 200), ("bearer \(Self.token)", 200), ("Bearer \(Self.token)x", 401),
                ("Bearer", 401), ("Basic \(Self.token)", 401), (Self.token, 401),
            ] {
                let answer = try await server.client.send(.GET, "/api/clips", ["Authorization": field])
                #expect(answer.status == status)
            }
        }
    }

    @Test
    func aBrowserLogsInAndOut() async throws {
        try await TestServer.run(Self.closed) { server in
            let client = server.client
            #expect(try await client.send(.GET, "/api/login").text == #"{"authenticated":false,"required":true}"#)
            #expect(try await client.json(.POST, "/api/login", #"{"token":"wrong"}"#).status == 401)
            let logIn = try await client.json(.POST, "/api/login", #"{"token":"\#(Self.token)"}"#)
            #expect(logIn.status == 204)
            let field = try #require(logIn.headers.first(name: "Set-Cookie"))
            #expect(field.contains("HttpOnly") && field.contains("SameSite=Strict") && !field.contains("Secure"))
            #expect(!field.contains(Self.token))
            let cookie = String(field.prefix { $0 != ";" })
            let own = ["Cookie": "other=1; \(cookie)", "Sec-Fetch-Site": "same-origin"] as HTTPHeaders
            #expect(try await client.send(.GET, "/api/clips", ["Cookie": cookie]).status == 200)
            #expect(try await client.json(.POST, "/api/sessions", #"{"upload":"a"}"#, own).status == 201)
            var foreign: HTTPHeaders = ["Cookie": cookie, "Origin": "http://evil.example"]
            #expect(try await client.json(.POST, "/api/sessions", #"{"upload":"a"}"#, foreign).status == 403)
            foreign = ["Cookie": cookie, "Sec-Fetch-Site": "cross-site"]
            #expect(try await client.send(.GET, "/start-monitoring?channel=a", foreign).status == 403)
            #expect(try await client.send(.POST, "/api/logout", ["Cookie": cookie]).status == 204)
            #expect(try await client.send(.GET, "/api/clips", ["Cookie": cookie]).status == 401)
        }
    }

    @Test
    func guessingIsSlowedDown() async throws {
        let clock = ManualClock()
        try await TestServer.run(Self.closed, clock: clock) { server in
            var statuses: [Int] = []
            for _ in 0..<6 {
                statuses.append(try await server.client.json(.POST, "/api/login", #"{"token":"x"}"#).status)
            }
            #expect(statuses == [401, 401, 401, 401, 401, 429])
            let answer = try await server.client.json(.POST, "/api/login", #"{"token":"\#(Self.token)"}"#)
            #expect(answer.status == 429)
            #expect(answer.headers.first(name: "Retry-After") == "12")
            clock.advance(by: .seconds(12))
            #expect(try await server.client.json(.POST, "/api/login", #"{"token":"\#(Self.token)"}"#).status == 204)
        }
    }

    @Test
    func secretsNeverReachTheLog() async throws {
        try await TestServer.run(Self.closed) { server in
            let client = server.client
            let logIn = try await client.json(.POST, "/api/login", #"{"token":"\#(Self.token)"}"#)
            let key = try #require(logIn.headers.first(name: "Set-Cookie")).prefix { $0 != ";" }.dropFirst(
                "hypeclip=".count
            )
            let bearer: HTTPHeaders = ["Authorization": "Bearer \(Self.token)"]
            _ = try await client.json(.POST, "/api/login", #"{"token":"\#(Self.token)-wrong"}"#)
            _ = try await client.send(.GET, "/api/clips?token=\(Self.token)", bearer)
            _ = try await client.send(.GET, "/nothing?token=\(Self.token)", ["Cookie": "hypeclip=\(key)"])
            let hook = #"{"url":"https://93.184.216.34/hook","secret":"the-key-of-the-signature"}"#
            #expect(try await client.json(.POST, "/api/webhooks", hook, bearer).status == 201)
            await server.store.fail(with: .init(.failed, "cannot write", cause: nil))
            #expect(try await client.send(.GET, "/api/clips", bearer).status == 500)
            try await until { server.log.lines.contains { $0.contains("request failed") } }
            let text = server.log.lines.joined(separator: "\n")
            #expect(text.contains("/api/webhooks"))
            for secret in [Self.token, String(key), "the-key-of-the-signature"] { #expect(!text.contains(secret)) }
        }
    }

    @Test
    func aFailureOfTheServerTellsNothingButItsNumber() async throws {
        try await TestServer.run { server in
            await server.store.fail(with: .init(.failed, "secret table is locked", cause: TestFailure("secret cause")))
            let answer = try await server.client.send(.GET, "/api/clips", ["X-Request-Id": "my-request.1"])
            #expect(answer.status == 500)
            #expect(!answer.text.contains("secret"))
            #expect(try answer.document()["requestId"] as? String == "my-request.1")
            #expect(try answer.document()["detail"] == nil)
            let line = try #require(server.log.lines.first { $0.contains("request failed") })
            #expect(line.contains("secret cause") && line.contains("my-request.1"))
        }
    }

    @Test
    func otherNamesOfThisMachineAreRefused() async throws {
        try await TestServer.run { server in
            #expect(try await server.client.send(.GET, "/health", ["Host": "evil.example"]).status == 421)
            #expect(try await server.client.send(.GET, "/health", ["Host": "localhost:1"]).status == 200)
            let answer = try await server.client.raw("GET /health HTTP/1.1\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 421 "))
        }
    }

    @Test
    func listedPagesMayCallAndOthersMayNot() async throws {
        var settings = ServerSettings()
        settings.allowedOrigins = ["https://studio.example"]
        try await TestServer.run(settings) { server in
            let ask: HTTPHeaders = ["Origin": "https://studio.example", "Access-Control-Request-Method": "PATCH"]
            let preflight = try await server.client.send(.OPTIONS, "/api/clip/x", ask)
            #expect(preflight.status == 204)
            #expect(preflight.headers.first(name: "Access-Control-Allow-Origin") == "https://studio.example")
            #expect(preflight.headers.first(name: "Access-Control-Allow-Methods")?.contains("PATCH") == true)
            let read = try await server.client.send(.GET, "/api/clips", ["Origin": "https://studio.example"])
            #expect(read.headers.first(name: "Access-Control-Allow-Origin") == "https://studio.example")
            let evil: HTTPHeaders = ["Origin": "https://evil.example", "Access-Control-Request-Method": "PATCH"]
            #expect(try await server.client.send(.OPTIONS, "/api/clip/x", evil).status == 403)
            let foreign = try await server.client.send(.GET, "/api/clips", ["Origin": "https://evil.example"])
            #expect(!foreign.headers.contains(name: "Access-Control-Allow-Origin"))
        }
    }

    @Test
    func everyAnswerCarriesTheFieldsThatKeepBrowsersOut() async throws {
        try await TestServer.run { server in
            for path in ["/health", "/api/clips", "/nothing", "/openapi.json"] {
                let headers = try await server.client.send(.GET, path).headers
                #expect(headers.first(name: "X-Content-Type-Options") == "nosniff")
                #expect(headers.first(name: "Content-Security-Policy")?.contains("frame-ancestors 'none'") == true)
                #expect(headers.first(name: "Referrer-Policy") == "same-origin")
                #expect(headers.first(name: "X-Request-Id")?.count == 24)
            }
        }
    }
}
