import HypeCore
import HypeUploads
import Testing

@Suite
struct DisplayNameTests {
    @Test(arguments: [
        ("clip.mp4", "clip.mp4"), ("../../etc/passwd", "passwd"), ("C:\\dir\\clip.mp4", "clip.mp4"), ("..", "upload"),
        ("", "upload"), ("/", "upload"), ("a\r\nb\u{0}.mp4", "a b.mp4"), ("  a \t b  ", "a b"),
        ("gpj\u{202e}4pm.exe", "gpj4pm.exe"), ("ねこ 🐈.mp4", "ねこ 🐈.mp4"), ("\u{200b}", "upload"), ("./", "upload"),
    ])
    func makesNamesHarmless(_ text: String, _ name: String) {
        #expect(DisplayName(text).description == name)
    }

    @Test
    func shortensInTheMiddle() {
        let name = DisplayName(String(repeating: "ü", count: 400) + ".mp4").description
        #expect(name.hasPrefix("üüü") && name.hasSuffix("ü….mp4"))
        #expect(name.utf8.count <= DisplayName.maximumBytes)
        #expect(DisplayName(String(repeating: "x", count: 9000)).description.utf8.count <= DisplayName.maximumBytes)
    }

    @Test
    func anyNameIsHarmless() {
        var random = SplitMix64(seed: 9)
        for _ in 0..<1000 {
            let scalars = (0..<random.index(below: 300)).compactMap { _ in
                Unicode.Scalar(UInt32(random.index(below: random.happens(0.5) ? 0x80 : 0x11_0000)))
            }
            let name = DisplayName(String(String.UnicodeScalarView(scalars))).description
            #expect((1...DisplayName.maximumBytes).contains(name.utf8.count))
            #expect(!name.contains { "/\\".contains($0) || $0.isNewline } && name != "." && name != "..")
            #expect(DisplayName(name).description == name)
        }
    }

    @Test
    func idsAreStrictAndDifferent() {
        let ids = Set((0..<1000).map { _ in UploadID() })
        #expect(ids.count == 1000)
        #expect(ids.allSatisfy { UploadID($0.description) == $0 })
        for text in [
            "", "a", "../../../../../../etc/passwd", String(repeating: "A", count: 26),
            String(repeating: "a", count: 27),
        ] {
            #expect(UploadID(text) == nil)
        }
        #expect(UploadID(String(repeating: "a", count: 25) + "/") == nil)
    }
}
