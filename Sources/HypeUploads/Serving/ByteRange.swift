/// Which bytes of a file a client wants (RFC 9110 §14).
package enum ByteRange: Hashable, Sendable {
    /// All of it: no range was asked for, or none that we understand.
    case whole
    /// These, in the client's order or joined; never empty, no two of them overlap.
    case parts([Range<Int64>])
    /// Only bytes that the file does not have.
    case unsatisfiable

    /// Parts of one answer at most; who wants more gets the whole file.
    package static let maximumParts = 16
    /// Ranges of one header that are looked at.
    private static let maximumRanges = 256

    /// Reads a `Range` header.
    ///
    /// - Parameters:
    ///   - header: The header's value, nil for none.
    ///   - size: Bytes of the file, at least 0.
    package init(_ header: String?, size: Int64) {
        self = header.flatMap { Self.read($0, size: size) } ?? .whole
    }

    /// The ranges of a header, or nil where it is to be ignored: another unit, or not well formed.
    private static func read(_ header: String, size: Int64) -> ByteRange? {
        guard let equals = header.firstIndex(of: "="), header[..<equals].lowercased() == "bytes" else { return nil }
        let items = header[header.index(after: equals)...].split(separator: ",")
        guard items.count <= maximumRanges else { return nil }
        var wanted: [Range<Int64>] = []
        var count = 0
        for item in items.map({ $0.drop(while: isBlank) }) {
            let text = item.lastIndex(where: { !isBlank($0) }).map { item[...$0] } ?? ""
            if text.isEmpty { continue }
            count += 1
            guard let hyphen = text.firstIndex(of: "-") else { return nil }
            let (head, tail) = (text[..<hyphen], text[text.index(after: hyphen)...])
            switch (number(head), number(tail)) {
            case (let first?, let last?):
                guard first <= last else { return nil }
                if first < size { wanted.append(first..<min(size - 1, last) + 1) }
            case (let first?, nil) where tail.isEmpty:
                if first < size { wanted.append(first..<size) }
            case (nil, let length?) where head.isEmpty:
                // The last bytes of an empty file are all of it, which no Content-Range can say.
                if size == 0, length > 0 { return .whole }
                if length > 0 { wanted.append(max(0, size - length)..<size) }
            default: return nil
            }
        }
        guard count > 0 else { return nil }
        if wanted.isEmpty { return .unsatisfiable }
        let joined = joined(wanted)
        return joined.count <= maximumParts ? .parts(joined) : .whole
    }

    /// The ranges without overlaps: as they are where there are none, else in order and joined.
    private static func joined(_ ranges: [Range<Int64>]) -> [Range<Int64>] {
        var result: [Range<Int64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, range.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result.count == ranges.count ? ranges : result
    }

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }

    /// A number without sign; one that is too big counts as the biggest, which is beyond any file.
    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text) ?? (Int64.max - 1)
    }
}
