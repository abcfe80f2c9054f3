import HypeCore
import HypeIngest
import NIOCore
import Testing

struct HandshakeTests {
    private var handshake: Handshake = {
        var generator = SplitMix64(seed: 1)
        return Handshake(using: &generator)
    }()

    private var greeting: ByteBuffer {
        .joined([bytes("03 00000000 00000000"), .pattern(1528)])
    }

    @Test mutating func answersVersionZeroBytesAndEcho() throws {
        var inbox = greeting
        let answer = try #require(try handshake.advance(&inbox))
        #expect(answer.readableBytes == 1 + 2 * 1536)
        // Version 3, time 0, and four zero bytes that say “no digest”.
        #expect(answer.getSlice(at: 0, length: 9)?.hex == "030000000000000000")
        #expect(answer.getSlice(at: 1 + 1536, length: 1536)?.hex == greeting.getSlice(at: 1, length: 1536)?.hex)
        #expect(!handshake.isDone)
        inbox.writeImmutableBuffer(.pattern(1536))
        inbox.writeInteger(UInt8(0xab))
        #expect(try handshake.advance(&inbox) == nil)
        #expect(handshake.isDone)
        #expect(inbox.hex == "ab")
    }

    @Test mutating func takesItInSinglePieces() throws {
        var inbox = ByteBuffer()
        var answers = 0
        let all = ByteBuffer.joined([greeting, .pattern(1536)])
        for byte in all.readableBytesView {
            inbox.writeInteger(byte)
            if try handshake.advance(&inbox) != nil { answers += 1 }
        }
        #expect(answers == 1)
        #expect(handshake.isDone)
        #expect(inbox.readableBytes == 0)
    }

    @Test(arguments: [(0x16, "rtmps"), (0x06, "version 6"), (0x47, "version 71")])
    mutating func refusesOtherVersions(version: Int, hint: String) {
        var inbox = ByteBuffer(integer: UInt8(version))
        #expect(throws: RTMPFault.version(UInt8(version))) { try handshake.advance(&inbox) }
        #expect("\(RTMPFault.version(UInt8(version)))".contains(hint))
    }
}
