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
        let address = try StreamAddress("https://user:word@example.com/live/stream.m3u8?token=abc#x")
        #expect(address.shown == "https://example.com/live/stream.m3u8")
        #expect(address.text.contains("token=abc"))
    }

    @Test(arguments: [
        "file:///etc/passwd", "/etc/passwd", "concat:a|b", "gopher://x/", "http://", "", "data:text/plain,x", "pipe:0",
    ])
    func otherProtocolsAreRefused(text: String) {
        #expect(throws: RequestFailure.self) { try StreamAddress(text) }
    }

    @Test
    func anEndlessAddressIsRefused() {
        #expect(throws: RequestFailure.self) { try StreamAddress("http://h/" + String(repeating: "a", count: 3_000)) }
    }
}
