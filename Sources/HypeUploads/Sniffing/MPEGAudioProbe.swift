/// Recognises MP3 and its relatives, and AAC in ADTS frames (ISO/IEC 11172-3 §2.4.2.3, ISO/IEC 13818-7 §6.2).
///
/// Two bytes would fit one file in two thousand of noise, so the next frame must be where the first says it is.
enum MPEGAudioProbe {
    private static let bitRates: [[Int]] = [
        // kbit/s by the index in the header: MPEG-1 layers 1, 2, 3, then MPEG-2 layer 1 and layers 2 and 3.
        [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ]

    static func identify(_ bytes: [UInt8]) -> MediaIdentity? {
        var place = 0
        if bytes.has("ID3"), let size = tagSize(bytes) {
            place = size
            if bytes.has("fLaC", at: place) { return MediaIdentity(.flac, .audio) }
            // A tag with a picture may fill the whole window.
            if place >= bytes.count { return MediaIdentity(.mp3, .audio) }
            // Some writers pad between tag and sound.
            while bytes.byte(at: place) == 0 { place += 1 }
        }
        if isRow(bytes, from: place, length: adtsFrameLength) { return MediaIdentity(.adts, .audio) }
        return isRow(bytes, from: place, length: frameLength) ? MediaIdentity(.mp3, .audio) : nil
    }

    private static func tagSize(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 10, bytes[6..<10].allSatisfy({ $0 < 0x80 }) else { return nil }
        let footer = bytes[5] & 0x10 == 0 ? 0 : 10
        return bytes[6..<10].reduce(0) { $0 << 7 | Int($1) } + 10 + footer
    }

    /// Whether two frames follow each other, or one fills the rest.
    private static func isRow(_ bytes: [UInt8], from place: Int, length: ([UInt8], Int) -> Int?) -> Bool {
        guard let first = length(bytes, place) else { return false }
        return place + first == bytes.count || length(bytes, place + first) != nil
    }

    private static func adtsFrameLength(_ bytes: [UInt8], at place: Int) -> Int? {
        guard let head = bytes.number(at: place, length: 7), head >> 44 == 0xfff, head >> 41 & 3 == 0,
            head >> 34 & 15 < 13
        else { return nil }
        let length = head >> 13 & 0x1fff
        return length >= 7 ? length : nil
    }

    private static func frameLength(_ bytes: [UInt8], at place: Int) -> Int? {
        guard let head = bytes.number(at: place, length: 4), head >> 21 == 0x7ff else { return nil }
        let version = head >> 19 & 3  // 3 is MPEG-1, 2 MPEG-2, 0 MPEG-2.5
        let layer = 4 - (head >> 17 & 3)  // 4 is reserved
        let rateIndex = head >> 12 & 15
        let sampleIndex = head >> 10 & 3
        guard version != 1, layer != 4, (1...14).contains(rateIndex), sampleIndex != 3 else { return nil }
        let table = version == 3 ? layer - 1 : layer == 1 ? 3 : 4
        let bitRate = bitRates[table][rateIndex - 1] * 1000
        let sampleRate = [44_100, 48_000, 32_000][sampleIndex] >> (version == 3 ? 0 : version == 2 ? 1 : 2)
        let padding = head >> 9 & 1
        if layer == 1 { return (12 * bitRate / sampleRate + padding) * 4 }
        let samples = layer == 3 && version != 3 ? 72 : 144
        return samples * bitRate / sampleRate + padding
    }
}
