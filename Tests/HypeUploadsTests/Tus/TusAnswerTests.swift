import Foundation
import HypeCore
import HypeUploads
import NIOCore
import Testing

/// The protocol as a client sees it: methods and headers in, status and headers out.
@Suite
struct TusAnswerTests {
    private let folder: TestFolder
    private let tus: TusUploads

    init() throws {
        folder = try TestFolder()
        tus = TusUploads(UploadStore(folder: folder.path, limits: .forTests))
    }

    private func ask(
        _ method: String,
        _ id: String? = nil,
        _ headers: [String: String] = [:],
        version: String? = "1.0.0",
        body: [UInt8] = []
    ) async throws -> TusAnswer {
        var fields = Dictionary(uniqueKeysWithValues: headers.map { ($0.key.lowercased(), $0.value) })
        fields["tus-resumable"] = version
        return try await tus.answer(
            method: method,
            id: id,
            body: Pieces(body),
            location: { "/files/\($0)" },
            header: { fields[$0.lowercased()] }
        )
    }

    private let bytes = ["Content-Type": "application/offset+octet-stream"]

    @Test
    func saysWhatItCan() async throws {
        let answer = try await ask("OPTIONS", version: nil)
        #expect(answer.status == 204)
        #expect(answer.headers["Tus-Version"] == "1.0.0" && answer.headers["Tus-Max-Size"] == "\(16 << 30)")
        #expect(answer.headers["Tus-Extension"] == "creation,creation-with-upload,termination,expiration,checksum")
        #expect(answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256")
    }

    @Test
    func talksAsTheProtocolSays() async throws {
        let created = try await ask("POST", nil, ["Upload-Length": "10", "Upload-Metadata": "filename YS5iaW4=,plain"])
        #expect(created.status == 201)
        let location = try #require(created.headers["Location"])
        let id = try #require(location.split(separator: "/").last.map(String.init))
        #expect(created.headers["Upload-Expires"].flatMap(HTTPDate.date).map { $0 > Date() } == true)

        let fresh = try await ask("HEAD", id)
        #expect(fresh.status == 200 && fresh.headers["Upload-Offset"] == "0" && fresh.headers["Upload-Length"] == "10")
        #expect(fresh.headers["Cache-Control"] == "no-store" && fresh.headers["Tus-Resumable"] == "1.0.0")
        #expect(fresh.headers["Upload-Metadata"] == "filename YS5iaW4=,plain")

        let first = try await ask("PATCH", id, bytes.merging(["Upload-Offset": "0"]) { $1 }, body: [1, 2, 3, 4])
        #expect(first.status == 204 && first.headers["Upload-Offset"] == "4" && first.upload == nil)
        let again = try await ask("PATCH", id, bytes.merging(["Upload-Offset": "0"]) { $1 }, body: [1])
        #expect(again.status == 409 && again.failure?.code == .conflict)
        // Some clients can only POST.
        let override = bytes.merging(["Upload-Offset": "4", "X-HTTP-Method-Override": "PATCH"]) { $1 }
        let last = try await ask("POST", id, override, body: [5, 6, 7, 8, 9, 10])
        #expect(last.status == 204 && last.headers["Upload-Offset"] == "10" && last.upload?.name == "a.bin")
        #expect(try await ask("HEAD", id).headers["Upload-Offset"] == "10")
        #expect(try await ask("DELETE", id).status == 204)
        #expect(try await ask("HEAD", id).status == 404)
    }

    @Test
    func takesBytesWithTheAnnouncement() async throws {
        let part = try await ask("POST", nil, bytes.merging(["Upload-Length": "3"]) { $1 }, body: [1, 2])
        #expect(part.status == 201 && part.headers["Upload-Offset"] == "2" && part.upload == nil)
        let whole = try await ask("POST", nil, bytes.merging(["Upload-Length": "2"]) { $1 }, body: [1, 2])
        #expect(whole.status == 201 && whole.headers["Upload-Offset"] == "2" && whole.upload?.bytes == 2)
    }

    @Test
    func refusesWithTheRightStatus() async throws {
        #expect(try await ask("POST", nil, ["Upload-Length": "1"], version: nil).status == 412)
        let other = try await ask("HEAD", "x", version: "0.2.2")
        #expect(other.status == 412 && other.headers["Tus-Version"] == "1.0.0")
        for length in ["", "-1", "+1", "1e3", "99999999999999999999", "0x1"] {
            #expect(try await ask("POST", nil, ["Upload-Length": length]).status == 400, "\(length)")
        }
        #expect(try await ask("POST", nil, ["Upload-Length": "\(17 << 30)"]).headers["Tus-Max-Size"] == "\(16 << 30)")
        #expect(try await ask("POST", nil, ["Upload-Length": "1", "Upload-Metadata": "a !"]).status == 400)
        let id = try #require(
            try await ask("POST", nil, ["Upload-Length": "3"]).headers["Location"]?.split(separator: "/").last.map(
                String.init
            )
        )
        #expect(try await ask("PATCH", id, ["Upload-Offset": "0"], body: [1]).status == 415)
        #expect(try await ask("PATCH", id, bytes, body: [1]).status == 400)
        let offset = bytes.merging(["Upload-Offset": "0"]) { $1 }
        for checksum in ["md5 AAAA", "sha1", "sha1 !!!"] {
            #expect(
                try await ask("PATCH", id, offset.merging(["Upload-Checksum": checksum]) { $1 }, body: [1]).status
                    == 400
            )
        }
        #expect(
            try await ask("PATCH", id, offset.merging(["Upload-Checksum": "sha1 AAAA"]) { $1 }, body: [1]).status == 460
        )
        #expect(try await ask("PATCH", id, offset.merging(["Content-Length": "4"]) { $1 }, body: [1]).status == 413)
        #expect(try await ask("HEAD", "../../etc/passwd").status == 404)
        #expect(try await ask("GET", id).status == 404)
    }

    @Test
    func metadataOfAnyFormNeverTraps() {
        #expect(
            TusMetadata("filename d29ybGQ=,is_confidential")?.values == [
                "filename": Array("world".utf8), "is_confidential": [],
            ]
        )
        #expect(TusMetadata("")?.values == [:])
        for broken in ["a b c", "a YQ==,a YQ==", "a YQ", "ä YQ==", String(repeating: "a", count: 5000)] {
            #expect(TusMetadata(broken) == nil)
        }
        let signs = Array("ab ,=\tYQ==ä\u{0}".unicodeScalars)
        var random = SplitMix64(seed: 3)
        for _ in 0..<20_000 {
            let scalars = (0..<random.index(below: 24)).map { _ in signs[random.index(below: signs.count)] }
            _ = TusMetadata(String(String.UnicodeScalarView(scalars)))?.name
        }
    }
}
