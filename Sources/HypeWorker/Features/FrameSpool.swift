import Foundation
import HypeMedia

/// Keeps frames of numbers between the first look at a sound and the second, in a file, so that hours need no memory.
///
/// The file has no name, so nothing is left of it however the process ends. Frames are written in order, then read in
/// order. Belongs to one thread at a time.
final class FrameSpool {
    /// Numbers that are written or read at once, 1 MiB of them.
    private static let batch = 1 << 18

    /// Numbers of a frame.
    let frameLength: Int
    /// Frames that were written.
    private(set) var frameCount = 0

    private let descriptor: Int32
    private var buffer: [Float] = []

    /// Makes the file.
    ///
    /// - Parameters:
    ///   - frameLength: Numbers of a frame, at least 1.
    ///   - folder: Where the file lies while it lives.
    /// - Throws: `MediaError` with code `.cannotWrite` or `.diskFull`.
    init(frameLength: Int, folder: URL = FileManager.default.temporaryDirectory) throws(MediaError) {
        self.frameLength = frameLength
        // The six X at the end are mkstemp's (POSIX): it puts letters there that no other file has.
        var template = Array(folder.appending(path: "hypeclip-frames-XXXXXX").path.utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Self.failure(errno) }
        unlink(&template)
    }

    deinit { close(descriptor) }

    /// Appends a frame.
    func append(_ frame: [Float]) throws(MediaError) {
        precondition(frame.count == frameLength, "all frames are alike")
        buffer += frame
        frameCount += 1
        if buffer.count >= Self.batch { try flush() }
    }

    /// Gives all frames, in order; nothing can be appended after that.
    ///
    /// - Parameter body: Receives each frame.
    /// - Throws: What `body` throws, or `MediaError`.
    func replay(_ body: ([Float]) throws -> Void) throws {
        try flush()
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.failure(errno) }
        let framesPerBatch = max(1, Self.batch / frameLength)
        var left = frameCount
        var numbers: [Float] = []
        while left > 0 {
            let count = min(left, framesPerBatch)
            numbers = [Float](repeating: 0, count: count * frameLength)
            try fill(&numbers)
            for frame in 0..<count { try body(Array(numbers[frame * frameLength..<(frame + 1) * frameLength])) }
            left -= count
        }
    }

    private func flush() throws(MediaError) {
        let failed = buffer.withUnsafeBytes { bytes -> Int32? in
            var rest = bytes
            while !rest.isEmpty {
                let written = write(descriptor, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return errno }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
            return nil
        }
        if let failed { throw Self.failure(failed) }
        buffer.removeAll(keepingCapacity: true)
    }

    private func fill(_ numbers: inout [Float]) throws(MediaError) {
        let failed = numbers.withUnsafeMutableBytes { bytes -> Int32? in
            var rest = bytes[...]
            while !rest.isEmpty {
                let place = UnsafeMutableRawBufferPointer(rebasing: rest)
                let count = read(descriptor, place.baseAddress, place.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return count < 0 ? errno : EIO }
                rest = rest.dropFirst(count)
            }
            return nil
        }
        if let failed { throw Self.failure(failed) }
    }

    private static func failure(_ number: Int32) -> MediaError {
        MediaError(
            number == ENOSPC || number == EDQUOT ? .diskFull : .cannotWrite,
            "The frames in between cannot be kept in \(FileManager.default.temporaryDirectory.path). "
                + "Make room there, or name another folder in TMPDIR.",
            cause: String(cString: strerror(number))
        )
    }
}
