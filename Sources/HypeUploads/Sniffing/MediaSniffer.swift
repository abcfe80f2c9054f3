/// Says what a file is by its first bytes, whatever it is called.
///
/// Pure; any bytes are an answer, never a trap. Text formats that name other files or hosts (playlists and the like) are
/// on purpose not among those known.
package enum MediaSniffer {
    /// Bytes from the beginning that are looked at: 64 KiB.
    package static let window = 64 << 10

    /// Identifies a file.
    ///
    /// - Parameter bytes: The first ``window`` bytes, or all of a shorter file.
    /// - Returns: Nil where nothing known begins so.
    package static func identify(_ bytes: [UInt8]) -> MediaIdentity? {
        if bytes.has([0xff, 0xd8, 0xff]) { return MediaIdentity(.jpeg, .image) }
        if bytes.has([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) { return MediaIdentity(.png, .image) }
        if bytes.has([0x1a, 0x45, 0xdf, 0xa3]) { return MatroskaProbe.identify(bytes) }
        if bytes.has("OggS") { return OggProbe.identify(bytes) }
        if bytes.has("fLaC") { return MediaIdentity(.flac, .audio) }
        if bytes.has("FLV\u{1}") { return flashVideo(bytes) }
        return riff(bytes) ?? MPEGStreamProbe.identify(bytes) ?? ISOMediaProbe.identify(bytes)
            ?? MPEGAudioProbe.identify(bytes)
    }

    private static func riff(_ bytes: [UInt8]) -> MediaIdentity? {
        if bytes.has("FORM"), bytes.has("AIFF", at: 8) || bytes.has("AIFC", at: 8) {
            return MediaIdentity(.aiff, .audio)
        }
        guard bytes.has("RIFF") || bytes.has("RF64") || bytes.has("BW64") || bytes.has("RIFX") else { return nil }
        if bytes.has("WAVE", at: 8) { return MediaIdentity(.wav, .audio) }
        return bytes.has("AVI ", at: 8) ? MediaIdentity(.avi, .video) : nil
    }

    private static func flashVideo(_ bytes: [UInt8]) -> MediaIdentity? {
        guard let flags = bytes.byte(at: 4) else { return nil }
        // Encoders that write before they know their streams set no flag.
        return switch (flags & 1 != 0, flags & 4 != 0) {
        case (true, _): MediaIdentity(.flv, .video)
        case (false, true): MediaIdentity(.flv, .audio, isCertain: false)
        case (false, false): MediaIdentity(.flv, .video, isCertain: false)
        }
    }
}
