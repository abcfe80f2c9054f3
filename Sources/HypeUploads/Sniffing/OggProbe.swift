/// Recognises Ogg and the codecs in it (RFC 3533; the first packet of each stream names its codec, RFC 5334).
enum OggProbe {
    private static let soundHeads: [StaticString] = ["\u{1}vorbis", "OpusHead", "\u{7f}FLAC", "Speex   "]
    private static let pictureHeads: [[UInt8]] = [
        [0x80] + Array("theora".utf8), Array("BBCD\0".utf8), [0x01] + Array("video".utf8),
    ]
    private static let pageLimit = 256

    static func identify(_ bytes: [UInt8]) -> MediaIdentity? {
        var place = 0
        var hasAudio = false
        for _ in 0..<pageLimit {
            // First pages of all streams come before anything else; bit 1 of the flags marks them.
            guard bytes.has("OggS", at: place), let flags = bytes.byte(at: place + 5), flags & 2 != 0,
                let segments = bytes.byte(at: place + 26)
            else { break }
            let content = place + 27 + Int(segments)
            guard content <= bytes.count else { break }
            if pictureHeads.contains(where: { bytes.has($0, at: content) }) { return MediaIdentity(.ogg, .video) }
            if soundHeads.contains(where: { bytes.has($0, at: content) }) { hasAudio = true }
            place = bytes[(place + 27)..<content].reduce(content) { $0 + Int($1) }
        }
        if hasAudio { return MediaIdentity(.ogg, .audio) }
        return place > 0 ? MediaIdentity(.ogg, .audio, isCertain: false) : nil
    }
}
