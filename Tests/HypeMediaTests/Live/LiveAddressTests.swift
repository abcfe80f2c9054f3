import HypeCore
import HypeMedia
import Testing

struct LiveAddressTests {
    @Test(arguments: [
        "file:///etc/passwd", "/etc/passwd", "concat:a|b", "gopher://x/", "data:text/plain,x", "unix:/tmp/x", "pipe:0",
        "async:file:///etc/passwd", "http:/", "ftp://host/a", "tcp://host:1", "subfile,,start,0,end,0,,:/etc/passwd",
        "http://host/a b", "http://host/\r\nX: y", "crypto+file://x", "rtp://x", "hls+http://x", "",
    ])
    func refusesOtherProtocols(text: String) {
        #expect(throws: MediaError.self) { try LiveAddress.url(text, mayBePrivate: true) }
    }

    @Test(arguments: [
        "http://host/live.m3u8", "https://host/live.m3u8", "udp://239.0.0.1:5000", "srt://host:9000?streamid=x",
        "rtmp://host/app/key", "rtmps://host/app/key", "HTTPS://host/x",
    ])
    func takesStreams(text: String) throws {
        _ = try LiveAddress.url(text, mayBePrivate: true)
    }

    @Test func keepsKeysOutOfItsName() throws {
        let address = try LiveAddress.url("rtmp://me:secret@host/live/streamkey?token=1", mayBePrivate: true)
        #expect(address.name == "rtmp://host/…")
    }

    @Test(
        arguments: [
            [127, 0, 0, 1], [10, 1, 2, 3], [172, 16, 0, 1], [172, 31, 255, 255], [192, 168, 1, 1],
            [169, 254, 169, 254],
            [0, 0, 0, 0], [100, 64, 0, 1], [224, 0, 0, 1], [255, 255, 255, 255], [198, 18, 0, 1],
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0xfc, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1],
            [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1],
            [0x20, 0x02, 0x7f, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [],
        ] as [[UInt8]]
    )
    func knowsPrivateAddresses(bytes: [UInt8]) {
        #expect(!HostCheck.isPublic(bytes))
    }

    @Test(
        arguments: [
            [1, 1, 1, 1], [172, 32, 0, 1], [172, 15, 0, 1], [192, 167, 1, 1], [100, 128, 0, 1],
            [0x26, 0x06, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x11],
        ] as [[UInt8]]
    )
    func knowsPublicAddresses(bytes: [UInt8]) {
        #expect(HostCheck.isPublic(bytes))
    }

    @Test(arguments: [
        "http://127.0.0.1:9/x.m3u8", "http://localhost/x", "http://user@127.0.0.1/x", "http://[::1]/x", "http://0/x",
        "http://2130706433/x", "http://0x7f.1/x", "rtmp://10.0.0.1/a/b", "http://a@b@127.0.0.1/",
        "http://127.0.0.1#@example.com/",
    ])
    func refusesPrivateHosts(text: String) throws {
        let address = try LiveAddress.url(text, mayBePrivate: false)
        #expect {
            try LiveDemuxer(address, clock: SessionClock(origin: 0), after: nil, interrupt: MediaInterrupt())
        } throws: { error in
            (error as? MediaError)?.message.contains("private network") ?? false
        }
    }
}
