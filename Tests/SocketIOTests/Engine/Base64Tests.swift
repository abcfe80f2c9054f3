import NIOCore
import SocketIO
import Testing

@Suite
struct Base64Tests {
    @Test(
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
    )
    func vectorsOfTheStandard(plain: String, encoded: String) {
        var buffer = ByteBuffer()
        Base64.encode(ByteBuffer(string: plain).readableBytesView, into: &buffer)
        #expect(String(buffer: buffer) == encoded)
        #expect(Base64.decode(Array(encoded.utf8)) == ByteBuffer(string: plain))
        #expect(Base64.decode(Array(encoded.utf8.filter { $0 != UInt8(ascii: "=") })) == ByteBuffer(string: plain))
    }

    @Test(arguments: ["A", "AAAAA", "A=", "====", "A===", "AA=A", "AA A", "AA-_", "é"])
    func refuses(text: String) {
        #expect(Base64.decode(Array(text.utf8)) == nil)
    }

    @Test
    func allLengthsSurvive() {
        var random = SeededRandom(seed: 8)
        for length in 0..<200 {
            let bytes = ByteBuffer(bytes: (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) })
            var encoded = ByteBuffer()
            Base64.encode(bytes.readableBytesView, into: &encoded)
            #expect(Base64.decode(encoded.readableBytesView) == bytes)
        }
    }
}
