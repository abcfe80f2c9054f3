/// What a publisher says of its stream (`onMetaData`); any of it may be missing or wrong.
package struct StreamFacts: Hashable, Sendable {
    /// The encoder's name, at most 128 characters.
    package var encoder: String?
    /// Width of the picture in pixels, 1…65,535.
    package var width: Int?
    /// Height of the picture in pixels, 1…65,535.
    package var height: Int?
    /// Pictures per second, 0.1…1,000.
    package var frameRate: Double?
    /// Wanted bits per second of the picture.
    package var videoBitrate: Int?
    /// Wanted bits per second of the sound.
    package var audioBitrate: Int?
    /// Samples per second of the sound.
    package var sampleRate: Int?
    /// Whether a picture is announced; nil where nothing is said of sound or picture.
    package var announcesVideo: Bool?
    /// Whether sound is announced; nil where nothing is said of sound or picture.
    package var announcesAudio: Bool?

    /// Creates empty facts.
    package init() {}

    /// Reads metadata.
    package init(_ metadata: AMF0Value) {
        encoder = metadata[name: "encoder"]?.text.map { String($0.prefix(128)) }
        width = Self.whole(metadata[name: "width"], upTo: 65_535)
        height = Self.whole(metadata[name: "height"], upTo: 65_535)
        frameRate = metadata[name: "framerate"]?.finiteNumber.flatMap { (0.1...1000).contains($0) ? $0 : nil }
        videoBitrate = Self.kilo(metadata[name: "videodatarate"])
        audioBitrate = Self.kilo(metadata[name: "audiodatarate"])
        sampleRate = Self.whole(metadata[name: "audiosamplerate"], upTo: 768_000)
        let hasVideo = metadata[name: "videocodecid"] != nil || width != nil
        let hasAudio = metadata[name: "audiocodecid"] != nil || sampleRate != nil
        if hasVideo || hasAudio { (announcesVideo, announcesAudio) = (hasVideo, hasAudio) }
    }

    private static func whole(_ value: AMF0Value?, upTo limit: Int) -> Int? {
        value?.finiteNumber.flatMap { $0 >= 1 && $0 <= Double(limit) ? Int($0) : nil }
    }

    /// A rate in units of 1,000 bits per second.
    private static func kilo(_ value: AMF0Value?) -> Int? {
        value?.finiteNumber.flatMap { $0 > 0 && $0 < 10_000_000 ? Int($0 * 1000) : nil }
    }
}
