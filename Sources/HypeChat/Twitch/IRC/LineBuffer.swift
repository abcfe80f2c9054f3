/// Puts lines together from pieces of a stream, within a limit.
struct LineBuffer: Sendable {
    private let longest: Int
    private var partial: [UInt8] = []
    private var isSkipping = false

    /// Creates an empty buffer.
    ///
    /// - Parameter longest: Longest line in bytes; a longer one is thrown away.
    init(longest: Int) {
        self.longest = max(1, longest)
    }

    /// Forgets what has no end yet, as when a new connection begins.
    mutating func reset() {
        partial = []
        isSkipping = false
    }

    /// Takes the next piece of the stream.
    ///
    /// - Parameters:
    ///   - bytes: The piece.
    ///   - endsLine: Whether a line ends with the piece even without a line ending, as with a WebSocket message.
    ///   - oversized: Counts lines that were too long.
    ///   - body: Is given each line without its ending, for as long as it runs.
    mutating func lines(
        of bytes: ByteSlice,
        endsLine: Bool,
        oversized: inout Int,
        _ body: (ByteSlice) -> Void
    ) {
        var position = 0
        while position < bytes.count {
            let start = position
            let end = bytes.firstOffset(of: 0x0a, from: start)
            position = end.map { $0 + 1 } ?? bytes.count
            let piece = bytes.slice(start, end ?? bytes.count)
            let isComplete = end != nil || endsLine
            if isSkipping || partial.count + piece.count > longest {
                if !isSkipping { oversized += 1 }
                isSkipping = !isComplete
                partial = []
            } else if !isComplete {
                partial.append(contentsOf: piece)
            } else if partial.isEmpty {
                body(Self.withoutReturn(piece))
            } else {
                partial.append(contentsOf: piece)
                partial.withUnsafeBufferPointer { body(Self.withoutReturn($0)) }
                partial = []
            }
        }
        // An empty last piece ends a line that began earlier.
        if endsLine, isSkipping || !partial.isEmpty {
            if !isSkipping { partial.withUnsafeBufferPointer { body(Self.withoutReturn($0)) } }
            reset()
        }
    }

    private static func withoutReturn(_ line: ByteSlice) -> ByteSlice {
        line.last == 0x0d ? line.slice(0, line.count - 1) : line
    }
}
