import Foundation
import HypeUploads
import Testing

@Suite
struct MediaResponsePlanTests {
    private let resource: MediaResource = {
        var resource = MediaResource(
            size: 1000,
            mediaType: "video/mp4",
            entityTag: "\"abc\"",
            modified: Date(timeIntervalSince1970: 784_111_777.9)
        )
        resource.cacheControl = "private"
        return resource
    }()
    private let modified = "Sun, 06 Nov 1994 08:49:37 GMT"
    private let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"

    private func plan(
        _ headers: [String: String] = [:],
        method: String = "GET",
        size: Int64 = 1000
    ) -> MediaResponsePlan {
        var resource = resource
        resource.size = size
        return MediaResponsePlan(method: method, resource: resource, boundary: "B") { headers[$0] }
    }

    @Test
    func givesTheWholeFile() {
        let whole = plan()
        #expect(whole.status == 200 && whole.pieces == [.file(0..<1000)])
        #expect(whole.headers["Content-Length"] == "1000" && whole.headers["Content-Type"] == "video/mp4")
        #expect(whole.headers["Accept-Ranges"] == "bytes" && whole.headers["ETag"] == "\"abc\"")
        #expect(whole.headers["Last-Modified"] == modified && whole.headers["Cache-Control"] == "private")
        #expect(whole.headers["X-Content-Type-Options"] == "nosniff" && whole.headers["Content-Disposition"] == nil)
        let head = plan(["Range": "bytes=0-1"], method: "HEAD")
        #expect(head.status == 200 && head.pieces == [] && head.headers == whole.headers)
        #expect(plan(size: 0).pieces == [] && plan(size: 0).headers["Content-Length"] == "0")
        #expect(plan(method: "POST").status == 405 && plan(method: "POST").headers["Allow"] == "GET, HEAD")
    }

    @Test
    func givesOneRange() {
        let tail = plan(["Range": "bytes=-100"])
        #expect(tail.status == 206 && tail.pieces == [.file(900..<1000)])
        #expect(tail.headers["Content-Range"] == "bytes 900-999/1000" && tail.headers["Content-Length"] == "100")
        let beyond = plan(["Range": "bytes=1000-"])
        #expect(beyond.status == 416 && beyond.headers["Content-Range"] == "bytes */1000" && beyond.pieces == [])
        #expect(plan(["Range": "nonsense"]).status == 200)
    }

    @Test
    func givesSeveralRanges() {
        let two = plan(["Range": "bytes=0-1,-2"])
        #expect(two.status == 206 && two.headers["Content-Type"] == "multipart/byteranges; boundary=B")
        let body = two.pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .file(let range): "<\(range.lowerBound)-\(range.upperBound)>"
            }
        }.joined()
        let head = "--B\r\nContent-Type: video/mp4\r\nContent-Range: bytes"
        #expect(body == "\(head) 0-1/1000\r\n\r\n<0-2>\r\n\(head) 998-999/1000\r\n\r\n<998-1000>\r\n--B--\r\n")
        let text = body.replacing("<0-2>", with: "..").replacing("<998-1000>", with: "..")
        #expect(two.headers["Content-Length"] == "\(text.utf8.count)")
        let boundaries = (0..<2).map { _ in
            MediaResponsePlan(method: "GET", resource: resource) { $0 == "Range" ? "bytes=0-1,-2" : nil }.headers[
                "Content-Type"
            ]
        }
        #expect(boundaries[0] != boundaries[1])
    }

    @Test(arguments: [
        ("\"abc\"", 206), ("\"other\"", 200), ("W/\"abc\"", 200), ("Sun, 06 Nov 1994 08:49:37 GMT", 206),
        ("Sun, 06 Nov 1994 08:49:38 GMT", 200), ("Sun, 06 Nov 1994 08:49:36 GMT", 200), ("garbage", 200), ("", 200),
    ])
    func ifRangeNeedsTheVeryVersion(_ value: String, _ status: Int) {
        #expect(plan(["Range": "bytes=0-1", "If-Range": value]).status == status)
        // Without it, even a range that the file does not have.
        #expect(plan(["Range": "bytes=5000-", "If-Range": value]).status == (status == 206 ? 416 : 200))
    }

    @Test
    func conditionsComeFirst() {
        for tags in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*", "\"a,b\",W/\"abc\""] {
            let answer = plan(["If-None-Match": tags, "Range": "bytes=0-1"])
            #expect(answer.status == 304 && answer.pieces == [] && answer.headers["ETag"] == "\"abc\"", "\(tags)")
            #expect(answer.headers["Content-Length"] == nil)
        }
        #expect(plan(["If-None-Match": "\"x\"", "If-Modified-Since": modified]).status == 200)
        #expect(plan(["If-Modified-Since": modified]).status == 304)
        #expect(plan(["If-Modified-Since": earlier]).status == 200)
        #expect(plan(["If-Modified-Since": "nonsense"]).status == 200)
        #expect(plan(["If-Match": "\"abc\""]).status == 200 && plan(["If-Match": "*"]).status == 200)
        #expect(plan(["If-Match": "W/\"abc\""]).status == 412 && plan(["If-Match": "\"x\""]).status == 412)
        #expect(plan(["If-Unmodified-Since": earlier]).status == 412)
        #expect(plan(["If-Unmodified-Since": modified, "Range": "bytes=0-1"]).status == 206)
    }

    @Test
    func namesTheFileForSaving() {
        var resource = resource
        resource.name = "a\"ä\r\n.mp4"
        resource.isAttachment = true
        let answer = MediaResponsePlan(method: "GET", resource: resource) { _ in nil }
        #expect(
            answer.headers["Content-Disposition"]
                == "attachment; filename=\"a__ .mp4\"; filename*=UTF-8''a%22%C3%A4%20.mp4"
        )
    }
}
