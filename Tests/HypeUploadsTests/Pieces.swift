import HypeCore
import NIOCore

/// A request's body that is there already, in pieces.
struct Pieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let pieces: [ByteBuffer]
    /// Thrown behind the last piece, as a server does when the connection breaks.
    var failure: (any Error)?

    init(_ bytes: [UInt8], of length: Int = 64 << 10, failure: (any Error)? = nil) {
        pieces = stride(from: 0, to: bytes.count, by: length).map {
            ByteBuffer(bytes: bytes[$0..<Swift.min(bytes.count, $0 + length)])
        }
        self.failure = failure
    }

    func makeAsyncIterator() -> Iterator { Iterator(rest: pieces[...], failure: failure) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<ByteBuffer>
        let failure: (any Error)?

        mutating func next() async throws -> ByteBuffer? {
            if let piece = rest.popFirst() { return piece }
            if let failure { throw failure }
            return nil
        }
    }
}

/// What a broken connection looks like.
struct ConnectionBroke: Error {}

/// Bytes in which line ends and hyphens are so frequent that every second place could begin a delimiter.
func lineEndHeavy(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SplitMix64(seed: seed)
    let signs: [UInt8] = [0x0d, 0x0a, 0x2d, 0x2d, 0x58]
    return (0..<count).map { _ in
        random.happens(0.7) ? signs[random.index(below: signs.count)] : UInt8(truncatingIfNeeded: random.next())
    }
}
