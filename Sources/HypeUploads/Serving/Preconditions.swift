import Foundation

/// Whether a client's copy of a file is still good (RFC 9110 §13).
struct Preconditions {
    /// What follows from them.
    enum Verdict: Hashable {
        /// Answer as if there were none.
        case proceed
        /// The client has it already.
        case notModified
        /// The client wants another version than there is.
        case failed
    }

    /// The file's strong entity tag in its quotation marks, nil for none.
    let entityTag: String?
    /// When the file was last changed; only whole seconds count.
    let modified: Date?

    /// Weighs the conditions of a GET or HEAD in their order (§13.2.2).
    func verdict(_ header: (String) -> String?) -> Verdict {
        if let wanted = header("If-Match") {
            guard matches(wanted, weakly: false) else { return .failed }
        } else if let since = header("If-Unmodified-Since").flatMap(HTTPDate.date), let modified {
            guard Self.seconds(modified) <= Self.seconds(since) else { return .failed }
        }
        if let known = header("If-None-Match") {
            return matches(known, weakly: true) ? .notModified : .proceed
        }
        if let since = header("If-Modified-Since").flatMap(HTTPDate.date), let modified {
            return Self.seconds(modified) <= Self.seconds(since) ? .notModified : .proceed
        }
        return .proceed
    }

    /// Whether a range may be served; with the wrong version, the whole file is (§13.1.5).
    ///
    /// - Parameter header: The value of `If-Range`, nil for none.
    /// - Returns: False where the client has another version.
    func allowsRange(_ header: String?) -> Bool {
        guard let header else { return true }
        if header.hasPrefix("\"") { return header == entityTag }
        // A weak tag never fits; a date only the very same one.
        guard !header.hasPrefix("W/"), let date = HTTPDate.date(header), let modified else { return false }
        return Self.seconds(modified) == Self.seconds(date)
    }

    private func matches(_ list: String, weakly: Bool) -> Bool {
        if list.trimmingCharacters(in: .whitespaces) == "*" { return true }
        guard let entityTag else { return false }
        return Self.tags(list).contains { tag in tag == entityTag || (weakly && tag == "W/" + entityTag) }
    }

    /// The tags of a list; a comma inside quotation marks is part of a tag.
    private static func tags(_ list: String) -> [String] {
        var tags: [String] = []
        var tag = ""
        var isQuoted = false
        for character in list {
            if character == "\"" { isQuoted.toggle() }
            if character == ",", !isQuoted {
                tags.append(tag)
                tag = ""
            } else if isQuoted || (character != " " && character != "\t") {
                tag.append(character)
            }
        }
        return tags + [tag]
    }

    private static func seconds(_ date: Date) -> Double { date.timeIntervalSince1970.rounded(.down) }
}
