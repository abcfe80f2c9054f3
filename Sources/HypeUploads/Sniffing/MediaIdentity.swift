/// What the first bytes of a file say it is.
package struct MediaIdentity: Hashable, Sendable {
    /// Containers that hold sound, pictures or both, and pictures.
    package enum Format: String, CaseIterable, Sendable {
        case mp4, quickTime, threeGP, matroska, webM, avi, flv, transportStream, programStream
        case wav, flac, ogg, mp3, adts, aiff, jpeg, png
    }

    /// The container.
    package let format: Format
    /// What it holds, or most likely holds.
    package let kind: MediaKind
    /// Whether the beginning already shows which streams there are; else a container may hold only sound or also
    /// pictures.
    package let isCertain: Bool

    /// Describes a file.
    package init(_ format: Format, _ kind: MediaKind, isCertain: Bool = true) {
        self.format = format
        self.kind = kind
        self.isCertain = isCertain
    }

    /// Whether the file may be what is wanted.
    package func fits(_ expected: MediaKind) -> Bool {
        kind == expected || (!isCertain && (expected == .audio || expected == .video))
    }

    /// The same file, taken for what was wanted where its beginning leaves that open.
    func resolved(for expected: MediaKind?) -> MediaIdentity {
        guard let expected, !isCertain, fits(expected) else { return self }
        return MediaIdentity(format, expected)
    }

    /// Media type as registered, or as customary where none is.
    package var mediaType: String {
        let isAudio = kind == .audio
        return switch format {
        case .mp4: isAudio ? "audio/mp4" : "video/mp4"
        case .quickTime: "video/quicktime"
        case .threeGP: isAudio ? "audio/3gpp" : "video/3gpp"
        case .matroska: isAudio ? "audio/matroska" : "video/matroska"
        case .webM: isAudio ? "audio/webm" : "video/webm"
        case .avi: "video/x-msvideo"
        case .flv: "video/x-flv"
        case .transportStream: "video/mp2t"
        case .programStream: "video/mpeg"
        case .wav: "audio/wav"
        case .flac: "audio/flac"
        case .ogg: isAudio ? "audio/ogg" : "video/ogg"
        case .mp3: "audio/mpeg"
        case .adts: "audio/aac"
        case .aiff: "audio/aiff"
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        }
    }

    /// Extension of the stored file, without a dot.
    package var fileExtension: String {
        let isAudio = kind == .audio
        return switch format {
        case .mp4: isAudio ? "m4a" : "mp4"
        case .quickTime: "mov"
        case .threeGP: "3gp"
        case .matroska: isAudio ? "mka" : "mkv"
        case .webM: "webm"
        case .avi: "avi"
        case .flv: "flv"
        case .transportStream: "ts"
        case .programStream: "mpg"
        case .wav: "wav"
        case .flac: "flac"
        case .ogg: isAudio ? "ogg" : "ogv"
        case .mp3: "mp3"
        case .adts: "aac"
        case .aiff: "aiff"
        case .jpeg: "jpg"
        case .png: "png"
        }
    }

    /// How a person calls the container.
    var name: String {
        switch format {
        case .mp4: "MP4"
        case .quickTime: "QuickTime"
        case .threeGP: "3GP"
        case .matroska: "Matroska"
        case .webM: "WebM"
        case .avi: "AVI"
        case .flv: "FLV"
        case .transportStream: "MPEG-TS"
        case .programStream: "MPEG-PS"
        case .wav: "WAV"
        case .flac: "FLAC"
        case .ogg: "Ogg"
        case .mp3: "MP3"
        case .adts: "AAC"
        case .aiff: "AIFF"
        case .jpeg: "JPEG"
        case .png: "PNG"
        }
    }
}
