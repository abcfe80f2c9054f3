/// Recognises Matroska and WebM (RFC 9559, EBML: RFC 8794).
enum MatroskaProbe {
    private static let segment = 0x1853_8067
    private static let tracks = 0x1654_ae6b
    private static let trackEntry = 0xae
    private static let trackType = 0x83
    private static let cluster = 0x1f43_b675
    private static let elementLimit = 4096

    static func identify(_ bytes: [UInt8]) -> MediaIdentity? {
        guard let head = element(bytes, at: 0) else { return nil }
        let header = bytes[min(head.content, bytes.count)..<min(head.end ?? bytes.count, bytes.count)]
        let format: MediaIdentity.Format
        if header.firstRange(of: Array("webm".utf8)) != nil {
            format = .webM
        } else if header.firstRange(of: Array("matroska".utf8)) != nil {
            format = .matroska
        } else {
            return nil
        }
        let types = head.end.map { trackTypes(bytes, from: $0) } ?? Types()
        if types.hasVideo { return MediaIdentity(format, .video) }
        return types.hasAudio
            ? MediaIdentity(format, .audio, isCertain: types.isWhole) : MediaIdentity(format, .video, isCertain: false)
    }

    private struct Types {
        var hasAudio = false
        var hasVideo = false
        var isWhole = false
    }

    /// Finds the tracks by walking into segment, tracks and entries and over everything else.
    private static func trackTypes(_ bytes: [UInt8], from start: Int) -> Types {
        var types = Types()
        var place = start
        var tracksEnd: Int?
        for _ in 0..<elementLimit {
            if let end = tracksEnd, place >= end {
                types.isWhole = place == end
                break
            }
            guard let element = element(bytes, at: place), element.id != cluster else { break }
            switch element.id {
            case segment, trackEntry:
                place = element.content
            case tracks:
                tracksEnd = element.end
                place = element.content
            case trackType:
                // 1 is video, 2 sound, 3 both together (RFC 9559 §5.1.4.1.3).
                let type = element.end.flatMap { bytes.number(at: $0 - 1, length: 1) }
                if type == 1 || type == 3 { types.hasVideo = true }
                if type == 2 { types.hasAudio = true }
                fallthrough
            default:
                guard let end = element.end, end > place else { return types }
                place = end
            }
        }
        return types
    }

    /// An element's id, where its content begins, and where it ends (nil: unknown, as live encoders write it).
    private static func element(_ bytes: [UInt8], at place: Int) -> (id: Int, content: Int, end: Int?)? {
        guard let first = bytes.byte(at: place), first >= 0x10 else { return nil }
        let idLength = first.leadingZeroBitCount + 1
        guard let id = bytes.number(at: place, length: idLength),
            let sizeByte = bytes.byte(at: place + idLength), sizeByte != 0
        else { return nil }
        let sizeLength = sizeByte.leadingZeroBitCount + 1
        let content = place + idLength + sizeLength
        guard content <= bytes.count else { return nil }
        // The marker bit in the first byte is no part of the size; without it, seven bytes at most are left.
        let high = Int(sizeByte) & (0x7f >> sizeByte.leadingZeroBitCount)
        let low = sizeLength == 1 ? 0 : bytes.number(at: place + idLength + 1, length: sizeLength - 1) ?? 0
        let size = high << (8 * (sizeLength - 1)) | low
        let isUnknown = size == 1 << (7 * sizeLength) - 1
        return (id, content, isUnknown ? nil : content + size)
    }
}
