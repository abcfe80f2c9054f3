package import NIOCore

/// The body of an answer with bytes of a file, piece by piece.
///
/// Reads a piece when it is asked for one, so a slow client holds one in memory. The file is closed at the end, after a
/// failure, and when the reading task is cancelled.
package struct FileChunks: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    let file: ServedFile
    let pieces: [MediaResponsePlan.Piece]
    let chunk: Int

    package func makeAsyncIterator() -> Iterator { Iterator(file: file, pieces: pieces[...], chunk: chunk) }

    /// Reads the pieces in order.
    package struct Iterator: AsyncIteratorProtocol {
        let file: ServedFile
        var pieces: ArraySlice<MediaResponsePlan.Piece>
        let chunk: Int

        /// The next piece, never empty.
        ///
        /// - Throws: ``UploadError``, or `CancellationError`.
        package mutating func next() async throws -> ByteBuffer? {
            do {
                try Task.checkCancellation()
                while let piece = pieces.popFirst() {
                    switch piece {
                    case .text(let text): return ByteBuffer(string: text)
                    case .file(let range):
                        let end = Swift.min(range.upperBound, range.lowerBound + Int64(chunk))
                        if end < range.upperBound { pieces = [.file(end..<range.upperBound)] + pieces }
                        if end > range.lowerBound { return try await file.read(range.lowerBound..<end) }
                    }
                }
                file.close()
                return nil
            } catch {
                file.close()
                throw error
            }
        }
    }
}
