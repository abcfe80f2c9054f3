import Foundation
import HypeCore

/// Reads a spool's part, whole, cut off or damaged.
///
/// A parser of bytes that a crash may have left in any state: what has a valid checksum is given, the rest is passed
/// over.
struct SpoolPartReader: Sendable {
    /// How often the tracks had changed.
    let epoch: Int
    /// The tracks.
    let streams: [StreamInfo]
    /// The packets in file order.
    let packets: [Packet]
    /// Whether something between the records could not be read.
    let isDamaged: Bool
    /// Bytes up to the end of the last whole record.
    let usableBytes: Int

    /// Reads a part; nil where its head cannot be read.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let (head, begin) = Self.head(of: bytes) else { return nil }
        let streams = head.tracks.enumerated().compactMap { $1.stream(index: $0) }
        guard streams.count == head.tracks.count, !streams.isEmpty else { return nil }
        var packets: [Packet] = []
        var cursor = begin
        var usable = begin
        var isDamaged = false
        while cursor + 4 <= bytes.count {
            if let (packet, next) = Self.packet(in: bytes, at: cursor, streams: streams) {
                if usable < cursor { isDamaged = true }
                packets.append(packet)
                cursor = next
                usable = next
            } else if bytes.number(at: cursor, UInt32.self) == SpoolFormat.footWord,
                cursor + SpoolFormat.footSize == bytes.count
            {
                break
            } else {
                // Out of step: the next word that a valid record follows.
                cursor += 1
            }
        }
        epoch = head.epoch
        self.streams = streams
        self.packets = packets
        self.isDamaged = isDamaged
        usableBytes = usable
    }

    /// Reads a part from disk; nil where there is none that can be read.
    init?(path: String) {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        guard let part = data.withUnsafeBytes({ SpoolPartReader($0) }) else { return nil }
        self = part
    }

    /// The head alone and the foot, where the part has one, without reading what lies between.
    static func ends(path: String) -> (head: SpoolFormat.Head, foot: SpoolFormat.Foot?, bytes: Int64)? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        do {
            let start = try file.read(upToCount: SpoolFormat.headSize) ?? Data()
            let length = start.withUnsafeBytes { bytes in
                bytes.count == SpoolFormat.headSize ? Int(bytes.number(at: 4, UInt32.self)) : 0
            }
            guard (1...SpoolFormat.longestHead).contains(length) else { return nil }
            let text = try file.read(upToCount: length) ?? Data()
            guard let (head, _) = (start + text).withUnsafeBytes({ head(of: $0) }) else { return nil }
            let size = try file.seekToEnd()
            guard size >= UInt64(SpoolFormat.footSize) else { return (head, nil, Int64(size)) }
            try file.seek(toOffset: size - UInt64(SpoolFormat.footSize))
            let end = try file.readToEnd() ?? Data()
            return (head, end.withUnsafeBytes { SpoolFormat.foot(in: $0) }, Int64(size))
        } catch {
            // A part that cannot be read is as good as none; the caller leaves it out.
            return nil
        }
    }

    private static func head(of bytes: UnsafeRawBufferPointer) -> (SpoolFormat.Head, Int)? {
        guard bytes.count >= SpoolFormat.headSize, bytes.number(at: 0, UInt32.self) == SpoolFormat.headWord else {
            return nil
        }
        let length = Int(bytes.number(at: 4, UInt32.self))
        let end = SpoolFormat.headSize + length
        guard length <= SpoolFormat.longestHead, bytes.count >= end else { return nil }
        let text = UnsafeRawBufferPointer(rebasing: bytes[SpoolFormat.headSize..<end])
        guard SpoolFormat.checksum(text) == bytes.number(at: 8, UInt32.self),
            let head = try? JSONDecoder().decode(SpoolFormat.Head.self, from: Data(text))
        else { return nil }
        return (head, end)
    }

    private static func packet(
        in bytes: UnsafeRawBufferPointer,
        at offset: Int,
        streams: [StreamInfo]
    ) -> (Packet, next: Int)? {
        guard bytes.count - offset >= SpoolFormat.recordSize,
            bytes.number(at: offset, UInt32.self) == SpoolFormat.recordWord
        else { return nil }
        let length = Int(bytes.number(at: offset + 4, UInt32.self))
        let end = offset + SpoolFormat.recordSize + length
        guard length <= SpoolFormat.longestPayload, end <= bytes.count else { return nil }
        let checked = UnsafeRawBufferPointer(rebasing: bytes[offset + 12..<end])
        let track = Int(bytes[offset + 12])
        guard SpoolFormat.checksum(checked) == bytes.number(at: offset + 8, UInt32.self), track < streams.count else {
            return nil
        }
        let flags = bytes[offset + 13]
        let packet = Packet(
            kind: streams[track].kind,
            track: streams[track].track,
            pts: flags & 4 != 0 ? bytes.number(at: offset + 16, Int64.self) : nil,
            dts: flags & 8 != 0 ? bytes.number(at: offset + 24, Int64.self) : nil,
            duration: bytes.number(at: offset + 32, Int64.self),
            timebase: streams[track].timebase,
            isKey: flags & 1 != 0,
            isDamaged: flags & 2 != 0,
            bytes: PacketBytes(UnsafeRawBufferPointer(rebasing: bytes[offset + SpoolFormat.recordSize..<end]))
        )
        return (packet, end)
    }
}
