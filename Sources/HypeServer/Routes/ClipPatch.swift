import HypeStore

/// What a client wants to change in a clip.
struct ClipPatch: Decodable, Sendable {
    /// The most characters of a headline.
    private static let longestTitle = 200
    /// The most hashtags of a clip.
    private static let mostHashtags = 30

    var title: String?
    var keep: Bool?
    var hashtags: [String]?

    /// The change, with values that are in range.
    ///
    /// - Throws: ``Problem`` that names each mistake.
    func change() throws(Problem) -> ClipChange {
        var mistakes = title.map(Self.mistakes(title:)) ?? []
        let hashtags = hashtags?.map { $0.hasPrefix("#") ? String($0.dropFirst()) : $0 }
        if let hashtags {
            if hashtags.count > Self.mostHashtags {
                mistakes.append(.init("hashtags", "must be at most \(Self.mostHashtags)"))
            }
            for (index, hashtag) in hashtags.enumerated() where !Self.isHashtag(hashtag) {
                mistakes.append(.init("hashtags[\(index)]", "must have 1 to 64 letters, digits and underscores"))
            }
        }
        guard mistakes.isEmpty else { throw Problem(400, "The change has values out of range.", errors: mistakes) }
        return ClipChange(title: title, keep: keep, hashtags: hashtags)
    }

    /// What is wrong with a headline.
    static func mistakes(title: String) -> [Problem.Mistake] {
        let isLine = !title.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard (1...longestTitle).contains(title.count), isLine, title.contains(where: { !$0.isWhitespace }) else {
            return [Problem.Mistake("title", "must have 1 to \(longestTitle) characters on one line")]
        }
        return []
    }

    private static func isHashtag(_ text: String) -> Bool {
        (1...64).contains(text.count) && text.allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
    }
}
