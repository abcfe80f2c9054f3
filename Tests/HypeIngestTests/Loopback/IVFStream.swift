import NIOCore

/// The frames of an IVF file, in which FFmpeg writes VP8, VP9 and AV1: a header of 32 bytes, then for each frame its
/// size, a time stamp of eight bytes and the data, little-endian.
struct IVFStream {
    let frames: [ByteBuffer]

    init(_ file: ByteBuffer) {
        var file = file
        file.moveReaderIndex(forwardBy: min(32, file.readableBytes))
        var frames: [ByteBuffer] = []
        while let size = file.readInteger(endianness: .little, as: UInt32.self),
            file.readInteger(as: UInt64.self) != nil,
            let data = file.readSlice(length: Int(size))
        {
            frames.append(data)
        }
        self.frames = frames
    }
}
