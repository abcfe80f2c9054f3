/// Recognises MP4, QuickTime and 3GP (ISO/IEC 14496-12 §4.2).
enum ISOMediaProbe {
    /// Boxes that old QuickTime files, which have no `ftyp`, may begin with.
    private static let firstBoxes: [StaticString] = ["moov", "mdat", "free", "skip", "wide", "pnot"]
    /// Brands of still pictures in the same container, which are not media here.
    private static let pictureBrands: [StaticString] = ["avif", "avis", "heic", "heix", "heim", "mif1", "msf1", "crx "]
    private static let boxLimit = 4096

    static func identify(_ bytes: [UInt8]) -> MediaIdentity? {
        guard let size = bytes.number(at: 0, length: 4), size == 1 || size >= 8 else { return nil }
        if bytes.has("ftyp", at: 4) {
            guard !pictureBrands.contains(where: { bytes.has($0, at: 8) }) else { return nil }
            if ["M4A ", "M4B ", "F4A "].contains(where: { bytes.has($0, at: 8) }) {
                return MediaIdentity(.mp4, .audio)
            }
            let format: MediaIdentity.Format =
                bytes.has("qt  ", at: 8)
                ? .quickTime : bytes.has("3gp", at: 8) || bytes.has("3g2", at: 8) ? .threeGP : .mp4
            return identity(of: format, bytes)
        }
        guard firstBoxes.contains(where: { bytes.has($0, at: 4) }) else { return nil }
        return identity(of: .quickTime, bytes)
    }

    private static func identity(of format: MediaIdentity.Format, _ bytes: [UInt8]) -> MediaIdentity {
        var tracks = Tracks()
        var budget = boxLimit
        let isWhole = visit(bytes, 0..<bytes.count, &tracks, &budget, depth: 0)
        if tracks.hasVideo { return MediaIdentity(format, .video) }
        guard tracks.hasAudio else { return MediaIdentity(format, .video, isCertain: false) }
        return MediaIdentity(format, .audio, isCertain: isWhole && tracks.isMovieWhole)
    }

    private struct Tracks {
        var hasAudio = false
        var hasVideo = false
        var isMovieWhole = false
    }

    /// Walks boxes down to the handlers of the tracks.
    ///
    /// - Returns: Whether no box in the range is cut off or broken.
    private static func visit(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        _ tracks: inout Tracks,
        _ budget: inout Int,
        depth: Int
    ) -> Bool {
        var place = range.lowerBound
        while place + 8 <= range.upperBound, budget > 0 {
            budget -= 1
            guard var size = bytes.number(at: place, length: 4) else { return false }
            var head = 8
            if size == 1 {
                // Sizes of 2⁵⁶ and more do not fit, and no file has them.
                guard let large = bytes.number(at: place + 9, length: 7), bytes.byte(at: place + 8) == 0 else {
                    return false
                }
                size = large
                head = 16
            } else if size == 0 {
                size = range.upperBound - place
            }
            guard size >= head else { return false }
            let end = size > range.upperBound - place ? range.upperBound : place + size
            let isCut = size > range.upperBound - place
            let content = min(place + head, end)..<end
            if bytes.has("hdlr", at: place + 4) {
                if bytes.has("vide", at: content.lowerBound + 8) { tracks.hasVideo = true }
                if bytes.has("soun", at: content.lowerBound + 8) { tracks.hasAudio = true }
            } else if depth < 4, ["moov", "trak", "mdia"].contains(where: { bytes.has($0, at: place + 4) }) {
                let isWhole = visit(bytes, content, &tracks, &budget, depth: depth + 1) && !isCut
                if bytes.has("moov", at: place + 4) { tracks.isMovieWhole = isWhole }
                guard isWhole else { return false }
            }
            // What follows media data that begins here is beyond the window, but a movie before it was seen.
            if isCut { return depth == 0 && tracks.isMovieWhole }
            place = end
        }
        return budget > 0
    }
}
