import Foundation
import HypeServer
import NIOHTTP1
import StoreDouble
import Testing

@Suite
struct MediaRouteTests {
    private static let content = Data((0..<1000).map { UInt8($0 % 251) })

    @Test
    func rangesGiveTheBytesThatWereAskedFor() async throws {
        try await TestServer.run { server in
            try await server.store.insert(Samples.clip("c1"))
            let path = "/api/clip/c1/video"
            let whole = try await server.client.send(.GET, path)
            #expect(whole.status == 200)
            #expect(whole.body == Self.content)
            #expect(whole.headers.first(name: "Content-Type") == "video/mp4")
            let tag = try #require(whole.headers.first(name: "ETag"))
            for (range, expected) in [
                ("bytes=0-9", Self.content.prefix(10)), ("bytes=990-", Self.content.suffix(10)),
                ("bytes=-7", Self.content.suffix(7)), ("bytes=500-100000", Self.content.suffix(500)),
            ] {
                let part = try await server.client.send(.GET, path, ["Range": range])
                #expect(part.status == 206)
                #expect(part.body == Data(expected))
            }
            let beyond = try await server.client.send(.GET, path, ["Range": "bytes=1000-"])
            #expect(beyond.status == 416)
            #expect(beyond.headers.first(name: "Content-Range") == "bytes */1000")
            #expect(beyond.headers.first(name: "Content-Type") == "application/problem+json")
            #expect(try await server.client.send(.GET, path, ["If-None-Match": tag]).status == 304)
            let stale = try await server.client.send(.GET, path, ["Range": "bytes=0-9", "If-Range": "\"other\""])
            #expect(stale.status == 200)
            let several = try await server.client.send(.GET, path, ["Range": "bytes=0-1,5-6"])
            #expect(several.status == 206)
            #expect(several.headers.first(name: "Content-Type")?.hasPrefix("multipart/byteranges") == true)
        }
    }

    @Test
    func aHeadTellsTheSizeAndKeepsTheConnection() async throws {
        try await TestServer.run { server in
            try await server.store.insert(Samples.clip("c1"))
            let port = server.client.port
            let text = try await server.client.raw(
                "HEAD /api/clip/c1/video HTTP/1.1\r\nHost: localhost:\(port)\r\n\r\n"
                    + "GET /health HTTP/1.1\r\nHost: localhost:\(port)\r\nConnection: close\r\n\r\n"
            )
            #expect(text.lowercased().contains("content-length: 1000\r\n"))
            #expect(text.components(separatedBy: "HTTP/1.1 200").count == 3)
        }
    }

    @Test
    func aDownloadCarriesTheTitle() async throws {
        try await TestServer.run { server in
            try await server.store.insert(Samples.clip("c1", title: "Größe/\"x\""))
            let answer = try await server.client.send(.GET, "/api/clip/c1/video?download=1")
            let disposition = try #require(answer.headers.first(name: "Content-Disposition"))
            #expect(disposition.hasPrefix("attachment;"))
            #expect(disposition.contains("filename*=UTF-8''Gr%C3%B6%C3%9Fe"))
            #expect(!disposition.contains("/"))
        }
    }

    @Test
    func onlyFilesThatTheDeskNamesAreServed() async throws {
        try await TestServer.run { server in
            try await server.store.insert(Samples.clip("c1"))
            for path in [
                "/api/clip/c1/thumbnail", "/api/clip/none/video", "/api/clip/..%2f..%2fetc%2fpasswd/video",
                "/dashboard/..%2f..%2fetc%2fpasswd", "/dashboard/../../etc/passwd", "/dashboard/none.js",
            ] {
                #expect(try await server.client.send(.GET, path).status == 404)
            }
        }
    }
}
