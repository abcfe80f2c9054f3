import Foundation
import HypeDigest
import SystemPackage
import Testing

@Suite struct FileDigestTests {
    /// FIPS 180-2, appendix B.1 and B.3.
    @Test(arguments: [
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func givesThePublishedDigests(letter: String, count: Int, expected: String) throws {
        let content = Array(String(repeating: letter, count: count).utf8)
        #expect(FileDigest.sha256(of: content) == expected)
        try withFile(content) { path in
            let digest = try FileDigest(ofFile: path)
            #expect(digest.sha256 == expected)
            #expect(digest.bytes == Int64(content.count))
        }
    }

    @Test func joinsPiecesOfAnyLength() throws {
        for length in [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20] {
            let content = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try withFile(content) { path in
                var pieces = 0
                let digest = try FileDigest(ofFile: path) { pieces += 1 }
                #expect(digest.sha256 == FileDigest.sha256(of: content))
                #expect(pieces == (length + (1 << 20) - 1) >> 20)
            }
        }
    }

    @Test func stopsWhereItIsTold() throws {
        struct Enough: Error {}
        try withFile([UInt8](repeating: 1, count: 5 << 20)) { path in
            var pieces = 0
            #expect(throws: Enough.self) {
                try FileDigest(ofFile: path) {
                    pieces += 1
                    if pieces == 2 { throw Enough() }
                }
            }
            #expect(pieces == 2)
        }
    }

    @Test func saysWhyAFileCannotBeRead() {
        #expect(throws: Errno.noSuchFileOrDirectory) { try FileDigest(ofFile: "/nowhere/at-all") }
        #expect(throws: Errno.isDirectory) { try FileDigest(ofFile: NSTemporaryDirectory()) }
    }

    private func withFile(_ content: [UInt8], _ body: (String) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "digest-\(UUID().uuidString)")
        try Data(content).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        try body(url.path)
    }
}
