import HypeCore
import HypeUploads
import NIOCore
import Testing

@Suite
struct MultipartFuzzTests {
    private static let nasty: [[UInt8]] =
        [
            "\r\n", "\r", "\n", "--", "\r\n--", "\r\n--B", "\r\n--B--", "--B\r\n", "\r\n\r\n", "\"", "\\\"", ";", "=",
            ":",
            "filename*=UTF-8''%", "filename*=utf-8''%e4%b8", "name=", "%22", "%0", "Content-Disposition: form-data",
            "\0",
        ].map { Array($0.utf8) } + [[0xff, 0xfe], [0xc3], [0x80]]

    private static func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        for _ in 0...random.index(below: 5) {
            guard !bytes.isEmpty else { return }
            let place = random.index(below: bytes.count)
            switch random.index(below: 4) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.insert(contentsOf: nasty[random.index(below: nasty.count)], at: place)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.index(below: 30)))
            default:
                let piece = bytes[place..<min(bytes.count, place + 1 + random.index(below: 60))]
                bytes.insert(contentsOf: piece, at: random.index(below: bytes.count))
            }
        }
    }

    @Test
    func mutatedFormsNeverTrapAndReadAlikeInAnyPieces() throws {
        var form = TestForm(boundary: "B")
        form.add(field: "a", "text")
        form.add(field: "file", fileName: "a\\\"b%22.mp4", type: "video/mp4", [1, 0x0d, 0x0a, 0x2d, 0x2d, 2])
        form.add(["Content-Disposition: form-data; name=x; filename*=UTF-8'en'%e2%82%ac.mp3"], [0x0d])
        let seed = form.bytes
        var random = SplitMix64(seed: 20_261_121)
        var readable = 0
        for _ in 0..<6000 {
            var bytes = seed
            Self.mutate(&bytes, &random)
            let whole = Result { try ParsedForm.parse(bytes, boundary: "B") }
            let pieces = Result { try ParsedForm.parse(bytes, boundary: "B") { 1 + random.index(below: 9) } }
            switch (whole, pieces) {
            case (.success(let left), .success(let right)):
                #expect(left == right)
                readable += 1
            case (.failure(let left as UploadError), .failure(let right as UploadError)):
                #expect(left.code == right.code)
            default: Issue.record("\(whole) against \(pieces)")
            }
        }
        #expect((200...5000).contains(readable), "\(readable)")
    }

    /// What made the search of the first prototype half as fast: a place to look at for each byte.
    @Test(.timeLimit(.minutes(1)))
    func onlyCarriageReturnsTakeLinearTime() throws {
        let boundary = try #require(MultipartBoundary(String(repeating: "a", count: 70)))
        let nearly = Array("\r\n--\(String(repeating: "a", count: 69))".utf8)
        for unit in [[0x0d], [0x0d, 0x0a], nearly] as [[UInt8]] {
            var parser = MultipartParser(boundary: boundary)
            parser.feed(ByteBuffer(string: "--\(boundary.text)\r\nContent-Disposition: form-data; name=a\r\n\r\n"))
            while try parser.next() != nil {}
            let piece = ByteBuffer(bytes: (0..<((1 << 20) / unit.count)).flatMap { _ in unit })
            var count = 0
            for _ in 0..<8 {
                parser.feed(piece)
                while case .body(let bytes)? = try parser.next() { count += bytes.readableBytes }
            }
            // All but what may begin a delimiter has come out.
            #expect(8 * piece.readableBytes - count < 76)
        }
    }
}
