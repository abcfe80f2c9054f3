import Foundation
import HypeCore
import HypeEvents
import HypeServer
import HypeStore
import NIOHTTP1
import StoreDouble
import Testing

/// What each route answers, asked over a real connection.
@Suite
struct RouteTests {
    @Test
    func healthNamesEachPartAndStaysUpWhileDegraded() async throws {
        let health = FakeHealth(worker: .init(.degraded, "restarting"))
        try await TestServer.run(health: health) { server in
            let answer = try await server.client.send(.GET, "/health")
            #expect(answer.status == 200)
            let document = try answer.document()
            #expect(document["status"] as? String == "degraded")
            let parts = document["parts"] as? [String: [String: String]]
            #expect(parts?["worker"]?["reason"] == "restarting")
            #expect(parts?["store"]?["state"] == "ok")
        }
    }

    @Test
    func withoutAWorkerHealthIs503() async throws {
        try await TestServer.run(health: FakeHealth(worker: .init(.missing, "not installed"))) { server in
            let answer = try await server.client.send(.GET, "/health")
            #expect(answer.status == 503)
        }
    }

    @Test
    func clipsAreListedByPagesAndConditions() async throws {
        try await TestServer.run { server in
            for number in 0..<5 {
                try await server.store.insert(
                    Samples.clip(
                        "clip\(number)",
                        title: number < 2 ? "scream" : "laugh",
                        created: 1_700_000_000 + Double(number)
                    )
                )
            }
            let first = try await server.client.send(.GET, "/api/clips?limit=2").document()
            #expect((first["items"] as? [[String: Any]])?.map { $0["id"] as? String } == ["clip4", "clip3"])
            let next = try #require(first["next"] as? String)
            let second = try await server.client.send(.GET, "/api/clips?limit=4&cursor=\(next)").document()
            #expect((second["items"] as? [[String: Any]])?.map { $0["id"] as? String } == ["clip2", "clip1", "clip0"])
            #expect(second["next"] is NSNull)
            let titled = try await server.client.send(
                .GET,
                "/api/clips?title=SCREAM&kind=chat&since=2023-01-01T00:00:00Z"
            )
            #expect((try titled.document()["items"] as? [Any])?.count == 2)
            #expect(try await server.client.send(.GET, "/api/clips?cursor=nonsense").status == 400)
        }
    }

    @Test
    func aClipIsShownChangedAndDeleted() async throws {
        try await TestServer.run { server in
            try await server.store.insert(Samples.clip("c1"))
            let client = server.client
            let shown = try await client.send(.GET, "/api/clip/c1").document()
            #expect(shown["createdAt"] as? String == "2023-11-14T22:13:20.000Z")
            let patch = ##"{"title":"New","keep":true,"hashtags":["#a"]}"##
            let changed = try await client.json(.PATCH, "/api/clip/c1", patch)
            #expect(changed.status == 200)
            #expect(try changed.document()["title"] as? String == "New")
            #expect(try changed.document()["hashtags"] as? [String] == ["a"])
            let deleted = try await client.send(.DELETE, "/api/clip/c1")
            #expect(try deleted.document()["subjectId"] as? String == "c1")
            for method in [HTTPMethod.GET, .DELETE] {
                let gone = try await client.send(method, "/api/clip/c1")
                #expect(gone.status == 404)
                #expect(gone.headers.first(name: "Content-Type") == "application/problem+json")
            }
            #expect(try await client.json(.PATCH, "/api/clip/c1", "{}").status == 404)
        }
    }

    @Test
    func sessionsAreStartedTriggeredAndStopped() async throws {
        try await TestServer.run { server in
            let client = server.client
            let started = try await client.json(.POST, "/api/sessions", #"{"upload":"abc","pace":"realtime"}"#)
            #expect(started.status == 201)
            #expect(started.headers.first(name: "Location") == "/api/sessions/session-1")
            let clip = try await client.send(.POST, "/api/sessions/session-1/trigger")
            #expect(clip.status == 202)
            #expect(try clip.document()["clipId"] as? String == "clip-of-session-1")
            #expect(try await client.json(.POST, "/api/sessions/session-1/trigger", #"{"before":500}"#).status == 400)
            let stopped = try await client.send(.DELETE, "/api/sessions/session-1").document()
            #expect(stopped["state"] as? String == "stopped")
            #expect(try await client.send(.POST, "/api/sessions/session-1/trigger").status == 409)
            #expect(try await client.send(.GET, "/api/sessions/none").status == 404)
            let monitored = try await client.send(.GET, "/start-monitoring?channel=some_streamer").document()
            #expect((monitored["source"] as? [String: Any])?["kind"] as? String == "rtmp")
            #expect(try await client.send(.GET, "/start-monitoring").status == 501)
            #expect(try await client.send(.GET, "/start-monitoring?channel=a/b").status == 400)
        }
    }

    @Test
    func theEventLogIsReadFromANumber() async throws {
        try await TestServer.run { server in
            for number in 1...3 { _ = await server.events.publish(.moment, session: "s\(number % 2)", ["n": number]) }
            let all = try await server.client.send(.GET, "/api/events/log?after=1").document()
            #expect(
                (all["items"] as? [[String: Any]])?.compactMap { ($0["payload"] as? [String: Int])?["n"] } == [2, 3]
            )
            #expect(all["last"] as? Int == 3)
            let one = try await server.client.send(.GET, "/api/events/log?session=s0").document()
            #expect((one["items"] as? [Any])?.count == 1)
        }
    }

    @Test
    func webhooksAreMadeListedWithoutSecretAndRemoved() async throws {
        try await TestServer.run { server in
            let client = server.client
            let body = #"{"url":"https://93.184.216.34/hook","events":["new_clip"],"secret":"a-secret-that-is-long"}"#
            let made = try await client.json(.POST, "/api/webhooks", body)
            try #require(made.status == 201, "\(made.text)")
            let id = try #require(try made.document()["id"] as? String)
            #expect(try made.document()["secret"] as? String == "a-secret-that-is-long")
            let list = try await client.send(.GET, "/api/webhooks")
            #expect(list.text.contains(id) && !list.text.contains("a-secret-that-is-long"))
            #expect(try await client.json(.POST, "/api/webhooks", #"{"url":"ftp://x"}"#).status == 400)
            #expect(try await client.send(.DELETE, "/api/webhooks/\(id)").status == 204)
            #expect(try await client.send(.DELETE, "/api/webhooks/\(id)").status == 404)
            #expect(try await client.send(.GET, "/api/webhooks/dead").status == 200)
            #expect(try await client.send(.POST, "/api/webhooks/dead/none/retry").status == 404)
        }
    }

    @Test
    func momentsAndDeletionsAreListed() async throws {
        try await TestServer.run { server in
            for path in ["/api/moments?decision=nearMiss", "/api/deletions", "/api/sessions"] {
                let answer = try await server.client.send(.GET, path)
                #expect(answer.text == #"{"items":[],"next":null}"#)
            }
            #expect(try await server.client.send(.GET, "/api/moments?decision=maybe").status == 400)
        }
    }

    @Test
    func metricsCountRoutesByTheirForm() async throws {
        try await TestServer.run { server in
            _ = try await server.client.send(.GET, "/api/clip/very-secret-name")
            _ = try await server.client.send(.GET, "/no/such/thing")
            let text = try await server.client.send(.GET, "/metrics").text
            #expect(text.contains(#"hypeclip_http_requests_total{route="/api/clip/{id}",status="404"} 1"#))
            #expect(text.contains(#"hypeclip_http_requests_total{route="unmatched",status="404"} 1"#))
            #expect(text.contains(#"hypeclip_http_request_duration_seconds_count{route="/api/clip/{id}"} 1"#))
            #expect(!text.contains("very-secret-name"))
        }
    }
}
