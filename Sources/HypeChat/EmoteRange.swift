/// Where an emote stands in a message.
package struct EmoteRange: Hashable, Sendable {
    /// The platform's number of the emote.
    package let id: String
    /// The place in the text, counted in Unicode scalars.
    package let scalars: Range<Int>

    /// Reads the value of the `emotes` tag: `25:0-4,12-16/1902:6-10`.
    ///
    /// Twitch counts Unicode scalars and includes the last one. Ranges beyond the text are cut to it; what cannot be
    /// read, is empty or overlaps an earlier range is left out.
    /// - Parameters:
    ///   - tag: The value of the tag.
    ///   - text: The text of the message, for its length.
    /// - Returns: The ranges in the order of the text.
    package static func list(tag: String, text: String) -> [EmoteRange] {
        let count = text.unicodeScalars.count
        var ranges: [EmoteRange] = []
        for emote in tag.split(separator: "/") {
            guard let colon = emote.lastIndex(of: ":") else { continue }
            for range in emote[emote.index(after: colon)...].split(separator: ",") {
                let ends = range.split(separator: "-", omittingEmptySubsequences: false)
                guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first >= 0, last >= first
                else { continue }
                let lower = min(first, count)
                let upper = min(last, count - 1) + 1
                if upper > lower { ranges.append(EmoteRange(id: String(emote[..<colon]), scalars: lower..<upper)) }
            }
        }
        ranges.sort { ($0.scalars.lowerBound, $0.scalars.upperBound) < ($1.scalars.lowerBound, $1.scalars.upperBound) }
        return ranges.reduce(into: []) { kept, range in
            if let last = kept.last, range.scalars.lowerBound < last.scalars.upperBound { return }
            kept.append(range)
        }
    }

    /// The piece of a text that the emote stands for.
    package func name(in text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.dropFirst(scalars.lowerBound).prefix(scalars.count)))
    }
}
