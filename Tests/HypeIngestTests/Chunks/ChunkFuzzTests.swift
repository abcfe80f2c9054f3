import HypeIngest
import NIOCore
import Testing

struct ChunkFuzzTests {
    private var conversation: ByteBuffer {
        var writer = ChunkWriter()
        var output = ByteBuffer()
        writer.write(ControlMessage.setChunkSize(512).message, on: 2, to: &output)
        for number in 0..<12 {
            let message = RTMPMessage(
                type: number % 3 == 0 ? 8 : 9,
                streamID: 1,
                timestamp: UInt32(number) * 0x20_0000,
                payload: .pattern(number * 130)
            )
            writer.write(message, on: UInt8(4 + number % 3), to: &output)
        }
        return output
    }

    @Test(arguments: 0..<8)
    func neverHoldsMoreThanItMay(seed: UInt64) {
        var mutation = Mutation(seed: seed)
        let limits = ChunkReader.Limits(messageBytes: 4096, unfinishedBytes: 8192, chunkStreams: 8)
        let sound = conversation
        var faults = 0
        for round in 0..<300 {
            var reader = ChunkReader(limits: limits)
            let input = round % 10 == 9 ? mutation.noise(3000) : mutation.damage(sound)
            for piece in mutation.pieces(input) {
                reader.append(piece)
                do {
                    while let message = try reader.next() { #expect(message.payload.readableBytes <= 4096) }
                } catch {
                    faults += 1
                    break
                }
                // One chunk that is not whole yet, and what is unfinished.
                #expect(reader.heldBytes <= 4096 + 8192 + 418)
            }
        }
        #expect(faults > 20)
    }
}
