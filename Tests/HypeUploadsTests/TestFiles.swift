/// The smallest files of their kinds that are taken for what they are.
enum TestFiles {
    static func box(_ type: String, _ content: [UInt8] = []) -> [UInt8] {
        let size = UInt32(content.count + 8)
        return (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } + Array(type.utf8) + content
    }

    private static func track(_ handler: String) -> [UInt8] {
        let handler = box(
            "hdlr",
            [UInt8](repeating: 0, count: 8) + Array(handler.utf8) + [UInt8](repeating: 0, count: 12)
        )
        return box(
            "trak",
            box("tkhd", [UInt8](repeating: 0, count: 80)) + box("mdia", box("mdhd", [0, 0, 0, 0]) + handler)
        )
    }

    /// An MP4 file with tracks of these kinds before its media, or, with none, behind it.
    static func mp4(_ handlers: [String], brand: String = "isom", media: Int = 2000) -> [UInt8] {
        let movie = handlers.isEmpty ? [] : box("moov", box("mvhd", [0, 0]) + handlers.flatMap(track))
        return box("ftyp", Array("\(brand)\0\0\u{2}\0isom".utf8)) + movie
            + box("mdat", [UInt8](repeating: 7, count: media))
    }

    static func wav(_ count: Int) -> [UInt8] {
        Array("RIFF\u{24}\u{8}\0\0WAVEfmt ".utf8) + [UInt8](repeating: 3, count: max(0, count - 16))
    }

    static let png: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8)
    static let jpeg: [UInt8] = [0xff, 0xd8, 0xff, 0xe0, 0, 16] + Array("JFIF\0".utf8)
}
