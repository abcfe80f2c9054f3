import CFFmpeg
import Foundation

/// SHA-256 of files and bytes, by libavutil.
package enum FileDigest {
    private static let chunkSize = 1 << 20

    /// The digest of bytes in memory.
    ///
    /// - Parameter bytes: Any bytes.
    /// - Returns: 64 hexadecimal digits.
    package static func sha256(of bytes: [UInt8]) -> String {
        var chunks = [bytes][...]
        return digest { chunks.popFirst() }
    }

    /// The digest of a file, read in pieces of 1 MiB.
    ///
    /// - Parameters:
    ///   - path: A regular file.
    ///   - interrupt: The switch that ends the call.
    /// - Returns: 64 hexadecimal digits.
    /// - Throws: ``MediaError`` with code `.cannotOpen` or `.cancelled`.
    package static func sha256(
        ofFile path: String,
        interrupt: MediaInterrupt = MediaInterrupt()
    ) throws(MediaError) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw MediaError(.cannotOpen, "\(path) cannot be read again to compute its checksum.")
        }
        defer { try? file.close() }
        var failure: MediaError?
        let digest = digest {
            do {
                try interrupt.check()
                return try file.read(upToCount: chunkSize).map(Array.init)
            } catch let error as MediaError {
                failure = error
            } catch {
                failure = MediaError(.cannotOpen, "\(path) cannot be read to its end.", cause: "\(error)")
            }
            return nil
        }
        if let failure { throw failure }
        return digest
    }

    private static func digest(_ next: () -> [UInt8]?) -> String {
        guard let state = av_sha_alloc() else { return "" }
        defer { av_free(UnsafeMutableRawPointer(state)) }
        av_sha_init(state, 256)
        while let chunk = next() { av_sha_update(state, chunk, chunk.count) }
        var bytes = [UInt8](repeating: 0, count: 32)
        av_sha_final(state, &bytes)
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
