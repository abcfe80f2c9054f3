import HypeCore
import HypeEvents
import Testing

@Suite
struct WebhookAddressTests {
    @Test(arguments: [
        ("http://example.com", "example.com", 80, "/", "example.com"),
        ("HTTPS://Example.COM/Hook?a=B%20", "example.com", 443, "/Hook?a=B%20", "example.com"),
        ("https://example.com:8443?x", "example.com", 8443, "/?x", "example.com:8443"),
        ("http://example.com:443/", "example.com", 443, "/", "example.com:443"),
        ("https://1.2.3.4/x", "1.2.3.4", 443, "/x", "1.2.3.4"),
        ("http://[2606:4700::1111]:8080/x", "2606:4700::1111", 8080, "/x", "[2606:4700::1111]:8080"),
        ("http://my_host-1.local./a//b/../c", "my_host-1.local.", 80, "/a//b/../c", "my_host-1.local."),
        ("http://example.com/@x:y", "example.com", 80, "/@x:y", "example.com"),
    ])
    func takesAddressesApart(text: String, host: String, port: Int, target: String, header: String) throws {
        let address = try WebhookAddress(text)
        #expect(address.host == host && address.port == port)
        #expect(address.target == target && address.hostHeader == header)
    }

    @Test(arguments: [
        "", "example.com", "//example.com", "ftp://example.com", "file:///etc/passwd", "http:/example.com", "http://",
        "http:///x", "http://user@example.com", "http://user:pw@example.com/", "http://example.com@127.0.0.1/",
        "http://example.com:22", "http://example.com:0", "http://example.com:1023", "http://example.com:65536",
        "http://example.com:", "http://example.com:+80", "http://example.com:8080x", "http://example.com:99999999999",
        "http://[::1", "http://[::1]x", "http://[127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://::1/",
        "http://exa mple.com", "http://example.com/a b", "http://example.com/\r\nX: y", "http://example.com/\u{0}",
        "http://exämple.com", "http://example.com/ä", "http://ex%61mple.com", "http://example.com\\@evil.com/",
        "http://example.com/#x", "http://a..b/", "http://.a/", "javascript://example.com", "http://example.com/\\x",
        "http://" + String(repeating: "a", count: 254), "http://example.com/" + String(repeating: "a", count: 2040),
    ])
    func refusesEverythingElse(text: String) {
        let failure = #expect(throws: WebhookFailure.self) { try WebhookAddress(text) }
        #expect(failure?.code == .address)
    }

    /// Whatever is accepted can be written into a request line and a `Host` header, and reads back as the same address.
    @Test
    func noMutationSlipsThrough() {
        let seeds = [
            "http://example.com:8080/hook?a=1", "https://[2606:4700::1111]:1024/x", "https://user@10.0.0.1/",
            "http://127.1/",
        ]
        let pieces: [UInt8] = Array("@:/?#[]\\%.-_ \r\n\t\u{0}\u{7f}0a".utf8) + [0xc3, 0xa4, 0xff]
        var generator = SplitMix64(seed: 11)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = Array(seeds[generator.index(below: seeds.count)].utf8)
            for _ in 0...generator.index(below: 4) {
                let place = generator.index(below: bytes.count)
                switch generator.index(below: 3) {
                case 0: bytes[place] = pieces[generator.index(below: pieces.count)]
                case 1: bytes.insert(pieces[generator.index(below: pieces.count)], at: place)
                default: if bytes.count > 1 { bytes.remove(at: place) }
                }
            }
            guard let address = try? WebhookAddress(String(decoding: bytes, as: UTF8.self)) else { continue }
            accepted += 1
            #expect(address.host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"@/?#\\%[]".utf8.contains($0) })
            #expect(address.target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } && address.target.hasPrefix("/"))
            #expect([80, 443].contains(address.port) || (1024...65_535).contains(address.port))
            #expect((try? WebhookAddress(address.description)) == address)
        }
        #expect(accepted > 500)
    }
}
