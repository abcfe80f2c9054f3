import HypeCore
import HypeUploads
import NIOCore
import Testing

/// A form taken apart.
struct ParsedForm: Hashable {
    struct Part: Hashable {
        var header: PartHeader
        var content: [UInt8]
    }

    var parts: [Part] = []
    var isFinished = false

    /// Feeds a form in pieces of the lengths that `next` gives.
    static func parse(
        _ bytes: [UInt8],
        boundary: String = TestForm.curlBoundary,
        limits: MultipartParser.Limits = MultipartParser.Limits(),
        next: () -> Int = { .max }
    ) throws -> ParsedForm {
        let boundary = try #require(MultipartBoundary(boundary))
        var parser = MultipartParser(boundary: boundary, limits: limits)
        var form = ParsedForm()
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(max(1, next()))
            rest = rest.dropFirst(piece.count)
            parser.feed(ByteBuffer(bytes: piece))
            while let event = try parser.next() { form.take(event) }
        }
        try parser.finish()
        return form
    }

    private mutating func take(_ event: MultipartParser.Event) {
        switch event {
        case .partBegan(let header): parts.append(Part(header: header, content: []))
        case .body(let bytes):
            #expect(bytes.readableBytes > 0)
            parts[parts.count - 1].content += Array(bytes.readableBytesView)
        case .partEnded: break
        case .finished: isFinished = true
        }
    }
}

@Suite
struct MultipartParserTests {
    @Test
    func takesApartWhatCurlSends() throws {
        var form = TestForm()
        form.add(field: "fusion", "late")
        form.add(fileName: "clip.mp4", type: "video/mp4", [1, 2, 3, 0x0d, 0x0a])
        form.add(field: "empty", "")
        let parsed = try ParsedForm.parse(form.bytes)
        #expect(
            parsed.parts == [
                .init(header: PartHeader(name: "fusion"), content: Array("late".utf8)),
                .init(
                    header: PartHeader(name: "file", fileName: "clip.mp4", contentType: "video/mp4"),
                    content: [1, 2, 3, 0x0d, 0x0a]
                ),
                .init(header: PartHeader(name: "empty"), content: []),
            ]
        )
        #expect(parsed.isFinished)
    }

    @Test
    func ignoresWhatStandsBeforeAndAfter() throws {
        let form = TestForm.file([1, 2])
        let bytes = Array("preamble\r\n--almost\r\n".utf8) + form.bytes + Array("epilogue\r\n--x".utf8)
        #expect(try ParsedForm.parse(bytes).parts.map(\.content) == [[1, 2]])
    }

    @Test
    func keepsWhatLooksLikeADelimiter() throws {
        let boundary = TestForm.curlBoundary
        let near = [
            "\r\n--", "\r\n--\(boundary.dropLast())", "\r\r\n--\(boundary.dropLast())!", "--\(boundary)",
            "\n--\(boundary)",
            "\r--\(boundary)", "\r\n-\(boundary)",
        ]
        for text in near {
            let content = Array(text.utf8)
            for step in [1, 2, 3, 7, 1000] {
                let parsed = try ParsedForm.parse(TestForm.file(content).bytes) { step }
                #expect(parsed.parts.map(\.content) == [content], "\(text) by \(step)")
            }
        }
    }

    @Test
    func anyChunkingGivesTheSameParts() throws {
        var random = SplitMix64(seed: 7)
        for round in 0..<300 {
            var form = TestForm(boundary: round % 3 == 0 ? "X" : TestForm.curlBoundary)
            var contents: [[UInt8]] = []
            for part in 0...random.index(below: 4) {
                // The short boundary could occur in noise: its content has no hyphens.
                let noise = lineEndHeavy(random.index(below: 700), seed: random.next())
                contents.append(round % 3 == 0 ? noise.filter { $0 != 0x2d } : noise)
                form.add(field: "part\(part)", fileName: "ä \(part).bin", contents[part])
            }
            let bytes = form.bytes
            let whole = try ParsedForm.parse(bytes, boundary: form.boundary)
            #expect(whole.parts.map(\.content) == contents)
            for longest in [1, 3, 40, 400] {
                let pieces = try ParsedForm.parse(bytes, boundary: form.boundary) { 1 + random.index(below: longest) }
                #expect(pieces == whole)
            }
        }
    }

    @Test
    func everyCutIsNoticed() throws {
        let bytes = TestForm.file(lineEndHeavy(200, seed: 3)).bytes
        // Without the line end behind the last delimiter, a form is whole.
        for length in 0..<(bytes.count - 2) {
            #expect(throws: UploadError.self) { try ParsedForm.parse(Array(bytes.prefix(length))) }
        }
        #expect(try ParsedForm.parse(Array(bytes.dropLast(2))).isFinished)
    }

    @Test(arguments: [
        "--B\r\n\r\nno headers\r\n--B--", "--B\r\nContent-Type: a/b\r\n\r\nno name\r\n--B--",
        "--B\r\nContent-Disposition: form-data\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"a\"\nX: y\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n folded\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\nQQ==\r\n--B--",
        "--Bx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--B--", "--B \t-\r\n", "no form at all", "",
    ])
    func refusesBrokenForms(_ text: String) throws {
        for step in [1, 5, 1000] {
            #expect(throws: UploadError.self) { try ParsedForm.parse(Array(text.utf8), boundary: "B") { step } }
        }
    }

    @Test
    func takesPaddingBehindTheDelimiter() throws {
        let text = "--B \t \r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--B--"
        #expect(try ParsedForm.parse(Array(text.utf8), boundary: "B") { 1 }.parts.map(\.content) == [[0x78]])
    }

    @Test
    func limitsPartsAndHeaders() throws {
        var form = TestForm()
        for part in 0..<3 { form.add(field: "\(part)", "") }
        #expect(try ParsedForm.parse(form.bytes, limits: .init(parts: 3)).parts.count == 3)
        #expect(throws: UploadError.self) { try ParsedForm.parse(form.bytes, limits: .init(parts: 2)) }

        let long = TestForm.file([], name: String(repeating: "n", count: 300)).bytes
        #expect(throws: UploadError.self) { try ParsedForm.parse(long, limits: .init(headerBytes: 300)) { 10 } }
        #expect(try ParsedForm.parse(long, limits: .init(headerBytes: 400)) { 10 }.parts.count == 1)
        // Without an end of the headers in sight, too.
        #expect(throws: UploadError.self) {
            try ParsedForm.parse(Array(long.prefix(350)), limits: .init(headerBytes: 200))
        }
    }

    @Test
    func limitsWhatSurroundsTheParts() throws {
        let noise = [UInt8](repeating: 0x61, count: 70_000)
        #expect(throws: UploadError.self) { try ParsedForm.parse(noise + TestForm.file([1]).bytes) }
        #expect(throws: UploadError.self) { try ParsedForm.parse(TestForm.file([1]).bytes + noise) }
    }
}
