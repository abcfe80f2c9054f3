import Foundation
import HypeApp
import HypeIngest
import HypeServer
import Testing

@Suite
struct StreamKeyFileTests {
    private let path = FileManager.default.temporaryDirectory.path + "/hypeclip-keys-\(UUID().uuidString).json"

    @Test
    func theFirstKeyIsMadeAndKeptForItsOwnerAlone() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try StreamKeyFile(path: path)
        let entry = try #require(first["main"])
        #expect(entry.key.count == 24 && first.entries.count == 1)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try StreamKeyFile(path: path)["main"] == entry)
        #expect(try StreamKeyFile(path: path + "2")["main"]?.key != entry.key)
        try FileManager.default.removeItem(atPath: path + "2")
    }

    @Test
    func onlyTheRightKeyOpens() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        var file = try StreamKeyFile(path: path)
        try file.set(.init(name: "second", key: "s3cret", channel: "some_streamer"))
        #expect(file.entry(presenting: StreamKey("s3cret"))?.name == "second")
        #expect(file.entry(presenting: StreamKey("s3cre")) == nil)
        #expect(file.entry(presenting: StreamKey("")) == nil)
        try file.remove("second")
        #expect(file.entry(presenting: StreamKey("s3cret")) == nil)
        #expect(try StreamKeyFile(path: path).entries.map(\.name) == ["main"])
    }

    @Test
    func aDamagedFileIsNotOverwritten() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("[{".utf8).write(to: URL(filePath: path))
        #expect(throws: AppFailure.self) { try StreamKeyFile(path: path) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "[{")
    }
}

@Suite
struct StreamAddressTests {
    @Test
    func secretsInAnAddressAreNotShown() throws {
        let address = try StreamAddress(
            "https://user:word@example.com/live/stream.m3u8?token=abc#x",
            mayBePrivate: false
        )
        #expect(address.shown == "https://example.com/live/stream.m3u8")
        #expect(address.text.contains("token=abc"))
    }

    @Test(arguments: [
        "file:///etc/passwd", "/etc/passwd", "concat:a|b", "gopher://x/", "http://", "", "data:text/plain,x", "pipe:0",
        "rtsp://example.com/x",
    ])
    func otherProtocolsAreRefused(text: String) {
        #expect(throws: RequestFailure.self) { try StreamAddress(text, mayBePrivate: true) }
    }

    @Test
    func anEndlessAddressIsRefused() {
        let text = "http://h/" + String(repeating: "a", count: 3_000)
        #expect(throws: RequestFailure.self) { try StreamAddress(text, mayBePrivate: true) }
    }

    @Test(arguments: [
        "http://127.0.0.1/x.m3u8", "http://localhost:80/x", "https://[::1]/x", "srt://10.0.0.7:9000",
        "http://169.254.169.254/",
        "rtmp://192.168.1.2/live/x", "http://[::ffff:10.0.0.1]/x",
    ])
    func privatePlacesAreRefusedUnlessTheyAreAllowed(text: String) throws {
        #expect(throws: RequestFailure.self) { try StreamAddress(text, mayBePrivate: false) }
        #expect(try StreamAddress(text, mayBePrivate: true).text == text)
    }

    @Test(arguments: ["http://203.0.114.1/x", "https://example.com/x", "udp://127.0.0.1:5000", "udp://239.0.0.1:5000"])
    func otherPlacesAreNot(text: String) throws {
        #expect(try StreamAddress(text, mayBePrivate: false).text == text)
    }
}
