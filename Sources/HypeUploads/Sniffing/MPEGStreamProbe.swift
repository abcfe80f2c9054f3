/// Recognises MPEG transport and program streams (ISO/IEC 13818-1 §2.4.3, §2.5.3).
enum MPEGStreamProbe {
    private static let sync: UInt8 = 0x47
    /// Packets in a row that make a transport stream.
    private static let packets = 5

    static func identify(_ bytes: [UInt8]) -> MediaIdentity? {
        if bytes.has([0, 0, 1, 0xba]) { return MediaIdentity(.programStream, .video, isCertain: false) }
        if bytes.has([0, 0, 1, 0xb3]) { return MediaIdentity(.programStream, .video) }
        // Plain packets, and those of cameras and discs with a time stamp of four bytes before each.
        let isTransport = isRow(bytes, from: 0, step: 188) || isRow(bytes, from: 4, step: 192)
        return isTransport ? MediaIdentity(.transportStream, .video, isCertain: false) : nil
    }

    private static func isRow(_ bytes: [UInt8], from start: Int, step: Int) -> Bool {
        guard bytes.count >= step * 2 else { return false }
        let places = stride(from: start, to: min(bytes.count, start + step * packets), by: step)
        return places.allSatisfy { bytes[$0] == sync }
    }
}
