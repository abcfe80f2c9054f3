import NIOCore

/// An HEVC elementary stream, put into the form of enhanced RTMP: `hvcC` and NAL units behind their lengths.
struct HEVCStream {
    /// One picture.
    struct Picture {
        var isKey: Bool
        var data: ByteBuffer
    }

    private(set) var pictures: [Picture] = []
    private var parameters: [UInt8: ByteBuffer] = [:]

    /// Reads a stream (ISO/IEC 23008-2, annex B) whose pictures each begin with a delimiter.
    init(_ stream: ByteBuffer) {
        let bytes = Array(stream.readableBytesView)
        var starts: [Int] = []
        for index in 0..<max(0, bytes.count - 2)
        where bytes[index] == 0 && bytes[index + 1] == 0 && bytes[index + 2] == 1 {
            starts.append(index + 3)
        }
        for (number, start) in starts.enumerated() {
            var end = number + 1 < starts.count ? starts[number + 1] - 3 : bytes.count
            while end > start, bytes[end - 1] == 0 { end -= 1 }
            take(ByteBuffer(bytes: bytes[start..<end]), type: bytes[start] >> 1 & 0x3f)
        }
    }

    private mutating func take(_ unit: ByteBuffer, type: UInt8) {
        switch type {
        case 32, 33, 34: parameters[type] = unit
        case 35: pictures.append(Picture(isKey: false, data: ByteBuffer()))
        case 0...31:
            guard !pictures.isEmpty else { return }
            let last = pictures.count - 1
            if (16...21).contains(type) { pictures[last].isKey = true }
            pictures[last].data.writeInteger(UInt32(unit.readableBytes))
            pictures[last].data.writeImmutableBuffer(unit)
        default: break
        }
    }

    /// ISO/IEC 14496-15, 8.3.3.1, for 8 bits per sample and 4:2:0.
    var configuration: ByteBuffer {
        var record = ByteBuffer(bytes: [1])
        // Profile, tier and level stand behind the sequence parameter set's first three bytes, without the bytes that
        // keep start codes from appearing.
        var plain: [UInt8] = []
        for byte in parameters[33]?.readableBytesView ?? ByteBuffer().readableBytesView {
            if byte == 3, plain.suffix(2) == [0, 0] { continue }
            plain.append(byte)
        }
        record.writeBytes(plain.dropFirst(3).prefix(12))
        record.writeBytes([0xf0, 0, 0xfc, 0xfd, 0xf8, 0xf8, 0, 0, 0x0f, UInt8(parameters.count)])
        for type in parameters.keys.sorted() {
            guard let unit = parameters[type] else { continue }
            record.writeMultipleIntegers(0x80 | type, UInt16(1), UInt16(unit.readableBytes))
            record.writeImmutableBuffer(unit)
        }
        return record
    }
}
