import HypeCore

/// Headlines and tags out of the evidence of a clip.
enum ClipWords {
    /// Longest piece of chat that goes into a title, in characters.
    private static let longestQuote = 32

    /// What happened, with the chat's own words where it spoke.
    ///
    /// - Parameters:
    ///   - moments: What is in the clip.
    ///   - naming: Confidence from which on an emotion is named, 0…1.
    /// - Returns: A title; without a feeling where the nets are not sure of one.
    static func title(for moments: [Moment], naming: Double) -> String {
        let strongest = moments.max { $0.score < $1.score }
        let feeling = feeling(of: moments, naming: naming).map(name)
        var parts: [String] = []
        if let quote = strongest.flatMap(quote) { parts.append("“\(quote)”") }
        if let feeling { parts.append(feeling) }
        return parts.isEmpty ? "Hype moment" : parts.joined(separator: ", ")
    }

    /// Tags from the emotion and the witnesses.
    static func hashtags(for moments: [Moment], naming: Double) -> [String] {
        let feeling = feeling(of: moments, naming: naming)
        let tags = [feeling.flatMap { $0 == .neutral ? nil : $0.rawValue }, "clip", "hype"]
        return tags.compactMap(\.self)
    }

    /// The emotion of the moments, where the nets are sure enough of it.
    private static func feeling(of moments: [Moment], naming: Double) -> Emotion? {
        guard let basic = emotions(of: moments)?.basic, Double(basic[basic.dominant]) >= naming else { return nil }
        return basic.dominant
    }

    /// Mean of what voice and face showed, weighted by their scores.
    static func emotions(of moments: [Moment]) -> EmotionScores? {
        let seen = moments.flatMap(\.votes).filter { $0.state == .present }.compactMap { vote in
            vote.evidence?.emotion.map { (scores: $0.basic, weight: Float(vote.score ?? 0)) }
        }
        return EmotionScores.mean(seen)
    }

    private static func quote(_ moment: Moment) -> String? {
        guard case .chat(let chat)? = moment.vote(of: .chat)?.evidence, moment.kinds.contains(.chat) else { return nil }
        guard let first = chat.topMessages.first, first.count > 1 else { return nil }
        let text = first.text
        return text.count > longestQuote ? String(text.prefix(longestQuote - 1)) + "…" : text
    }

    private static func name(of emotion: Emotion) -> String {
        switch emotion {
        case .angry: "rage"
        case .disgust: "disgust"
        case .fear: "fright"
        case .happy: "joy"
        case .sad: "grief"
        case .surprise: "surprise"
        case .neutral, .calm: "hype"
        }
    }
}

extension Evidence {
    /// The emotion that was recognised, where the kind recognises one.
    fileprivate var emotion: EmotionScores? {
        switch self {
        case .chat: nil
        case .voice(let voice): voice.emotion
        case .face(let face): face.emotion
        }
    }
}
