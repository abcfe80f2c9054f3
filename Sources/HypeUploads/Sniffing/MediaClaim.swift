/// What a client says a file is, by its name and its label.
struct MediaClaim: Sendable {
    private enum Family: String {
        case recording = "sound or video"
        case picture = "a picture"
        case text = "text"
    }

    private static let pictures: Set<String> = [
        "jpg", "jpeg", "png", "gif", "webp", "bmp", "heic", "heif", "avif", "tif", "tiff", "svg",
    ]
    private static let recordings: Set<String> = [
        "mp4", "m4v", "m4a", "m4b", "mov", "qt", "3gp", "3g2", "mkv", "mka", "webm", "avi", "flv", "f4v", "ts", "mts",
        "m2ts", "mpg", "mpeg", "vob", "wav", "flac", "ogg", "oga", "ogv", "opus", "mp3", "aac", "aif", "aiff",
    ]
    private static let texts: Set<String> = ["txt", "html", "htm", "json", "csv", "srt", "vtt", "m3u", "m3u8"]

    private let claims: [(what: String, family: Family)]

    /// Notes what a client says.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - label: The media type, or nil. `application/…` claims nothing, because clients use it for what they do not know.
    init(name: String, label: String?) {
        var claims: [(what: String, family: Family)] = []
        switch label?.split(separator: "/").first?.lowercased() {
        case "audio", "video": claims.append(("its type \(label ?? "")", .recording))
        case "image": claims.append(("its type \(label ?? "")", .picture))
        case "text": claims.append(("its type \(label ?? "")", .text))
        default: break
        }
        let suffix = name.split(separator: ".").dropFirst().last?.lowercased() ?? ""
        if Self.recordings.contains(suffix) { claims.append(("its name (.\(suffix))", .recording)) }
        if Self.pictures.contains(suffix) { claims.append(("its name (.\(suffix))", .picture)) }
        if Self.texts.contains(suffix) { claims.append(("its name (.\(suffix))", .text)) }
        self.claims = claims
    }

    /// Compares what is said and wanted with what is there.
    ///
    /// - Parameters:
    ///   - identity: What the content is, nil for unknown.
    ///   - expected: What the file must be, or nil for anything.
    /// - Returns: What the file is taken for.
    /// - Throws: ``UploadError`` `unsupportedType` with the reason.
    func settle(_ identity: MediaIdentity?, expected: MediaKind?) throws(UploadError) -> MediaIdentity? {
        guard let identity else {
            if let expected, expected != .unknown {
                throw Self.refusal("is nothing that we know, but must be \(Self.words(for: expected))")
            }
            if let claim = claims.first(where: { $0.family != .text }) {
                throw Self.refusal(
                    "is \(claim.family.rawValue) by \(claim.what), but its content is nothing that we know"
                )
            }
            return nil
        }
        let family = identity.kind == .image ? Family.picture : .recording
        if let claim = claims.first(where: { $0.family != family }) {
            throw Self.refusal("is \(claim.family.rawValue) by \(claim.what), but its content is \(identity.name)")
        }
        if let expected, !identity.fits(expected) {
            let found = "\(Self.words(for: identity.kind)) (\(identity.name))"
            throw Self.refusal("is \(found), but must be \(Self.words(for: expected))")
        }
        return identity.resolved(for: expected)
    }

    private static func words(for kind: MediaKind) -> String {
        switch kind {
        case .audio: "sound"
        case .video: "video"
        case .image: "a picture"
        case .unknown: "something unknown"
        }
    }

    private static func refusal(_ what: String) -> UploadError {
        UploadError(
            .unsupportedType,
            "The file \(what). Known are MP4, MOV, 3GP, Matroska, WebM, AVI, FLV, MPEG-TS, MPEG-PS, WAV, FLAC, Ogg, MP3, "
                + "AAC and AIFF, and the pictures JPEG and PNG; convert the file or mend its name."
        )
    }
}
