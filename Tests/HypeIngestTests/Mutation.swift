import HypeCore
import NIOCore

/// Damages bytes as a broken or hostile peer might.
struct Mutation {
    private var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    /// The bytes with up to eight changes: flipped bits, other bytes, lost or doubled stretches, a cut end.
    mutating func damage(_ original: ByteBuffer) -> ByteBuffer {
        var bytes = Array(original.readableBytesView)
        for _ in 0...generator.index(below: 8) where !bytes.isEmpty {
            let place = generator.index(below: bytes.count)
            switch generator.index(below: 6) {
            case 0: bytes[place] ^= 1 << UInt8(generator.index(below: 8))
            case 1: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
            case 2: bytes[place] = [0, 0xff, 0x7f, 0x80][generator.index(below: 4)]
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + generator.index(below: 8)))
            case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 12)], at: place)
            default: bytes.removeLast(min(bytes.count, generator.index(below: 16)))
            }
        }
        return ByteBuffer(bytes: bytes)
    }

    /// Any bytes.
    mutating func noise(_ count: Int) -> ByteBuffer {
        ByteBuffer(bytes: (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
    }

    /// The bytes in pieces as a network might deliver them.
    mutating func pieces(_ whole: ByteBuffer) -> [ByteBuffer] {
        var rest = whole
        var pieces: [ByteBuffer] = []
        while rest.readableBytes > 0 {
            let length = min(rest.readableBytes, 1 + generator.index(below: 400))
            if let piece = rest.readSlice(length: length) { pieces.append(piece) }
        }
        return pieces
    }
}

extension Mutation {
    /// Any bytes of any length.
    static func random(_ generator: inout SplitMix64, upTo limit: Int) -> ByteBuffer {
        let count = generator.index(below: limit + 1)
        return ByteBuffer(bytes: (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
    }
}
