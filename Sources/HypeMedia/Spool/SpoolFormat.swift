import CFFmpeg
import Foundation
import HypeCore

/// How a spool's part is laid out: a head with the tracks, a record for each packet, and a foot when it is complete.
///
/// All numbers are little-endian. Each piece begins with a word of its own and carries a CRC-32, so a part that was cut
/// off anywhere gives all its whole records, and a damaged one all that is undamaged (decision 0012).
///
/// - Head: `HSP1`, length of the JSON text, CRC of the text, the text (``Head``).
/// - Record: `HPKT`, length of the payload, CRC of all that follows, track's position in the head, flags (1 key,
///   2 damaged, 4 has a PTS, 8 has a DTS), 2 bytes of zero, PTS, DTS, duration (64 bits each), the payload.
/// - Foot: `HEND`, CRC of all that follows, start, end, first key frame (64 bits each, nanoseconds; the smallest number
///   where there is none), number of records, 4 bytes of zero.
enum SpoolFormat {
    /// What the head says.
    struct Head: Codable, Hashable, Sendable {
        /// How often the tracks had changed in the session.
        var epoch: Int
        /// The tracks, in the order that records name them by.
        var tracks: [SpoolTrack]
    }

    /// What the foot says.
    struct Foot: Hashable, Sendable {
        /// Earliest decoding time.
        var start: MediaTime
        /// Latest end of a packet.
        var end: MediaTime
        /// Presentation time of the first key frame; without picture, of the first packet.
        var firstKey: MediaTime?
        /// Number of records.
        var count: Int
    }

    static let headWord = word("HSP1")
    static let recordWord = word("HPKT")
    static let footWord = word("HEND")
    /// Bytes of a head before its text.
    static let headSize = 12
    /// Bytes of a record before its payload.
    static let recordSize = 40
    /// Bytes of a foot.
    static let footSize = 40
    /// Longest text of a head in bytes.
    static let longestHead = 4 << 20
    /// Longest payload in bytes; a key frame of 8K at the highest quality stays below.
    static let longestPayload = 64 << 20

    /// A head as it is written.
    static func head(epoch: Int, streams: [StreamInfo]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = (try? encoder.encode(Head(epoch: epoch, tracks: streams.map(SpoolTrack.init)))) ?? Data()
        var bytes: [UInt8] = []
        bytes.append(number: headWord)
        bytes.append(number: UInt32(text.count))
        bytes.append(number: text.withUnsafeBytes { checksum($0) })
        bytes.append(contentsOf: text)
        return bytes
    }

    /// Appends a packet's record.
    static func append(_ packet: Packet, track: UInt8, to bytes: inout [UInt8]) {
        let begin = bytes.count
        bytes.append(number: recordWord)
        bytes.append(number: UInt32(clamping: packet.bytes.count))
        bytes.append(number: UInt32(0))
        bytes.append(track)
        var flags: UInt8 = packet.isKey ? 1 : 0
        if packet.isDamaged { flags |= 2 }
        if packet.pts != nil { flags |= 4 }
        if packet.dts != nil { flags |= 8 }
        bytes.append(flags)
        bytes.append(number: UInt16(0))
        bytes.append(number: packet.pts ?? 0)
        bytes.append(number: packet.dts ?? 0)
        bytes.append(number: packet.duration)
        packet.bytes.withUnsafeBytes { bytes.append(contentsOf: $0) }
        let sum = bytes.withUnsafeBytes { checksum(UnsafeRawBufferPointer(rebasing: $0[(begin + 12)...])) }
        withUnsafeBytes(of: sum.littleEndian) {
            for (index, byte) in $0.enumerated() { bytes[begin + 8 + index] = byte }
        }
    }

    /// A foot as it is written.
    static func foot(_ foot: Foot) -> [UInt8] {
        var rest: [UInt8] = []
        rest.append(number: foot.start.nanoseconds)
        rest.append(number: foot.end.nanoseconds)
        rest.append(number: foot.firstKey?.nanoseconds ?? .min)
        rest.append(number: UInt32(clamping: foot.count))
        rest.append(number: UInt32(0))
        var bytes: [UInt8] = []
        bytes.append(number: footWord)
        bytes.append(number: rest.withUnsafeBytes { checksum($0) })
        return bytes + rest
    }

    /// Reads a foot; nil where the bytes are none.
    static func foot(in bytes: UnsafeRawBufferPointer) -> Foot? {
        guard bytes.count == footSize, bytes.number(at: 0, UInt32.self) == footWord,
            bytes.number(at: 4, UInt32.self) == checksum(UnsafeRawBufferPointer(rebasing: bytes[8...]))
        else { return nil }
        let key = bytes.number(at: 24, Int64.self)
        return Foot(
            start: MediaTime(nanoseconds: bytes.number(at: 8, Int64.self)),
            end: MediaTime(nanoseconds: bytes.number(at: 16, Int64.self)),
            firstKey: key == .min ? nil : MediaTime(nanoseconds: key),
            count: Int(bytes.number(at: 32, UInt32.self))
        )
    }

    /// CRC-32 as in zlib, without its inversions.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard let table = av_crc_get_table(AV_CRC_32_IEEE_LE) else { return 0 }
        return av_crc(table, .max, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    }

    private static func word(_ text: StaticString) -> UInt32 { UInt32(littleEndianText: text) }
}

extension [UInt8] {
    fileprivate mutating func append(number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}

extension UnsafeRawBufferPointer {
    /// A little-endian number at a place that lies inside.
    func number<Number: FixedWidthInteger>(at offset: Int, _ type: Number.Type) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}
