import HypeCore

/// Decisions in words for a person.
enum Reason {
    static func agreement(votes: [Vote]) -> String {
        let present = votes.filter { $0.state == .present }
        let others = votes.filter { $0.state != .present }.map(describe)
        let lead = present.count == votes.count ? "All three signals agree" : "Two of three signals agree"
        return "\(lead): " + (present.map(describe) + others).joined(separator: ", ") + "."
    }

    static func coolDown(votes: [Vote], neighbour: Int, gap: Duration, settings: MomentSettings) -> String {
        "\(list(votes)) agree, but only \(seconds(gap)) away from moment \(neighbour): "
            + "inside the cool-down of \(seconds(settings.coolDown))."
    }

    static func apart(votes: [Vote], gap: Duration, settings: MomentSettings) -> String {
        let others = votes.filter { $0.state != .present }.map(describe)
        return "\(list(votes)) lie \(seconds(gap)) apart, more than the window of \(seconds(settings.window)); "
            + others.joined(separator: ", ") + "."
    }

    static func lone(votes: [Vote]) -> String {
        let others = votes.filter { $0.state != .present }.map(describe)
        return "Only \(list(votes).lowercasedFirst); " + others.joined(separator: ", ") + "."
    }

    /// Seconds with one digit after the point.
    static func seconds(_ span: Duration) -> String { "\((span.inSeconds * 10).rounded() / 10) s" }

    private static func list(_ votes: [Vote]) -> String {
        votes.filter { $0.state == .present }.map(describe).joined(separator: " and ").capitalizedFirst
    }

    private static func describe(_ vote: Vote) -> String {
        let score = vote.score.map { " \(($0 * 100).rounded() / 100)" } ?? ""
        return switch vote.state {
        case .present: "\(vote.kind.rawValue)\(score)"
        case .quiet: "\(vote.kind.rawValue) quiet\(score.isEmpty ? "" : " at\(score)")"
        case .missing: "\(vote.kind.rawValue) missing (\(vote.reason ?? "no reason given"))"
        case .unobserved: "\(vote.kind.rawValue) not looked at"
        }
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
