import Foundation
import HypeCore

/// The owner of the part of a spool that is being written.
///
/// Bytes are handed to the operating system at each ``flush()``: what was flushed survives the end of the process, not
/// that of the machine.
final class SpoolPartWriter {
    /// Where the part is.
    let path: String
    /// What is known about it; its bytes are those on disk.
    private(set) var part: SpoolIndex.Part
    /// When its first packet is decoded.
    var age: Duration { part.end - part.start }

    private let descriptor: Int32
    private let tracks: [TrackID: UInt8]
    private let hasPicture: Bool
    private var pending: [UInt8]
    private var count = 0
    private var isEmpty = true

    /// Creates the file.
    init(path: String, number: Int, epoch: Int, streams: [StreamInfo], start: MediaTime) throws(MediaError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        tracks = Dictionary(
            streams.enumerated().map { ($1.id, UInt8(clamping: $0)) },
            uniquingKeysWith: { first, _ in first }
        )
        hasPicture = streams.contains { $0.kind == .video }
        part = SpoolIndex.Part(number: number, epoch: epoch, start: start, end: start, firstKey: nil, bytes: 0)
        pending = SpoolFormat.head(epoch: epoch, streams: streams)
        guard descriptor >= 0 else { throw Self.failure(errno, path: path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Takes a packet, which reaches the disk with the next ``flush()``.
    func append(_ packet: Packet) {
        guard let track = tracks[packet.trackID], let time = packet.decodingTime else { return }
        SpoolFormat.append(packet, track: track, to: &pending)
        count += 1
        part.start = isEmpty ? time : min(part.start, time)
        part.end = max(part.end, packet.end ?? time)
        isEmpty = false
        let isKey = hasPicture ? packet.kind == .video && packet.isKey : true
        if isKey, part.firstKey == nil { part.firstKey = packet.time }
    }

    /// Hands everything to the operating system.
    ///
    /// - Throws: ``MediaError`` with code `.diskFull` or `.cannotWrite`; the file ends with its last whole record then,
    ///   and what waited is kept for the next try.
    func flush() throws(MediaError) {
        guard !pending.isEmpty else { return }
        var written = 0
        while written < pending.count {
            let result = pending.withUnsafeBytes { bytes in
                write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if result < 0 {
                let code = errno
                if code == EINTR { continue }
                ftruncate(descriptor, off_t(part.bytes))
                lseek(descriptor, off_t(part.bytes), SEEK_SET)
                throw Self.failure(code, path: path)
            }
            written += result
        }
        part.bytes += Int64(pending.count)
        pending.removeAll(keepingCapacity: true)
    }

    /// Bytes that wait for the next try.
    var waiting: Int { pending.count }

    /// Completes the part.
    func finish() throws(MediaError) {
        try flush()
        pending = SpoolFormat.foot(
            SpoolFormat.Foot(start: part.start, end: part.end, firstKey: part.firstKey, count: count)
        )
        try flush()
    }

    private static func failure(_ code: Int32, path: String) -> MediaError {
        let cause = String(cString: strerror(code))
        if code == ENOSPC || code == EDQUOT {
            return MediaError(
                .diskFull,
                "The disk is full, so the spool is not written. Free some space.",
                cause: cause
            )
        }
        return MediaError(.cannotWrite, "The spool cannot be written. Check the rights of its folder.", cause: cause)
    }
}
