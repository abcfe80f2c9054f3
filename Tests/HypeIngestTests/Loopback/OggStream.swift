import NIOCore

/// The packets of an Ogg file (RFC 3533) with one stream.
struct OggStream {
    private(set) var packets: [ByteBuffer] = []

    init(_ file: ByteBuffer) {
        var file = file
        var packet = ByteBuffer()
        // Capture pattern, version, flags, position, serial, page number and checksum; then the segments' lengths.
        while file.readSlice(length: 26) != nil, let count = file.readInteger(as: UInt8.self),
            let lengths = file.readBytes(length: Int(count))
        {
            for length in lengths {
                guard var segment = file.readSlice(length: Int(length)) else { return }
                packet.writeBuffer(&segment)
                guard length < 255 else { continue }
                packets.append(packet)
                packet = ByteBuffer()
            }
        }
    }
}
