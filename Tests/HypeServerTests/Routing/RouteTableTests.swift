import Foundation
import HTTPTypes
import HummingbirdCore
import HypeCore
import HypeServer
import Testing

@Suite
struct RouteTableTests {
    private let table = RouteTable(
        [
            (HTTPRequest.Method.get, "/"), (.get, "/a/{id}"), (.delete, "/a/{id}"), (.get, "/a/dead"),
            (.post, "/a/dead/{id}/retry"), (.options, "/up"), (.post, "/up"), (.head, "/up/{id}"), (.get, "/up/{id}"),
        ].map { Route($0.0, $0.1, .open) { _ in Response(status: .ok) } }
    )

    private func found(_ method: HTTPRequest.Method, _ path: String) throws -> String {
        switch table.find(method, try RequestTarget(path).segments) {
        case .route(let route, let parameters):
            "\(route.method) \(route.template) \(parameters.map { "\($0)=\($1)" }.joined())"
        case .otherMethods(let methods): methods.map(\.rawValue).joined(separator: ",")
        case .nothing: "nothing"
        }
    }

    @Test(
        arguments: [
            (HTTPRequest.Method.get, "/", "GET / "), (.head, "/", "GET / "), (.get, "/a/7", "GET /a/{id} id=7"),
            (.get, "/a/dead", "GET /a/dead "), (.delete, "/a/7", "DELETE /a/{id} id=7"),
            (.post, "/a/7", "DELETE,GET,HEAD,OPTIONS"), (.delete, "/a/dead", "GET,HEAD,OPTIONS"),
            (.post, "/a/dead/x/retry", "POST /a/dead/{id}/retry id=x"), (.get, "/a", "nothing"),
            (.get, "/a/", "nothing"),
            (.get, "/a/b/c", "nothing"), (.get, "//a/b", "nothing"), (.head, "/up/1", "HEAD /up/{id} id=1"),
            (.options, "/up", "OPTIONS /up "), (.get, "/up", "OPTIONS,POST"),
            (.get, "/a/%2e%2e%2Fb", "GET /a/{id} id=../b"),
        ]
    )
    func findsTheRouteThatFitsBest(method: HTTPRequest.Method, path: String, expected: String) throws {
        #expect(try found(method, path) == expected)
    }

    @Test
    func aTargetIsDecoded() throws {
        let target = try RequestTarget("/api/clips?title=a%20b+c&x=%C3%A9&empty=&flag&title=second#fragment")
        #expect(target.segments == ["api", "clips"])
        #expect(target["title"] == "a b c")
        #expect(target["x"] == "é")
        #expect(target["empty"]?.isEmpty == true)
        #expect(target["flag"]?.isEmpty == true)
        #expect(target["other"] == nil)
    }

    @Test(arguments: ["/a%", "/a%2", "/a%zz", "/%ff", "/%00", "/a?b=%0a", "x", "", "http://x/", "/a?%C3"])
    func aBrokenTargetIsRefused(text: String) {
        #expect { try RequestTarget(text) } throws: { ($0 as? Problem)?.status == 400 }
    }

    @Test
    func anEndlessTargetIsRefused() {
        #expect { try RequestTarget("/" + String(repeating: "a", count: 9000)) } throws: {
            ($0 as? Problem)?.status == 414
        }
    }

    @Test
    func anyBytesGiveATargetOrAProblem() throws {
        var random = SplitMix64(seed: 7)
        let seed = Array("/api/clip/%41?limit=5&cursor=a%20b#x".utf8)
        for _ in 0..<5000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                let target = try RequestTarget(String(decoding: bytes, as: UTF8.self))
                #expect(target.segments.allSatisfy { !$0.contains("\0") })
            } catch {
                #expect((400..<500).contains(error.status))
            }
        }
    }

    @Test
    func valuesOutOfRangeNameTheirParameter() throws {
        let target = try RequestTarget("/x?limit=0&keep=maybe&since=yesterday&kind=smell&cursor=")
        let attempts: [(String, () throws -> Void)] = [
            ("limit", { _ = try target.page() }), ("keep", { _ = try target.flag("keep") }),
            ("since", { _ = try target.date("since") }), ("kind", { _ = try target.choice("kind", of: ClipPart.self) }),
            ("cursor", { _ = try target.text("cursor") }),
        ]
        for (name, attempt) in attempts {
            #expect { try attempt() } throws: { error in
                let problem = error as? Problem
                return problem?.status == 400 && problem?.errors?.first?.field == name
            }
        }
    }

    @Test(arguments: [
        "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z", "2026-01-31T14:00:00%2B02:00", "2026-01-31T14:00:00+02:00",
    ])
    func timesAreReadInEveryZone(text: String) throws {
        let date = try RequestTarget("/x?since=\(text)").date("since")
        #expect(date?.timeIntervalSince1970 == 1_769_860_800)
    }
}
