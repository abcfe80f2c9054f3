/// A client's name for a file, made harmless: for people to read, never part of a path.
///
/// Only the last component is kept; control, format and line-separating characters go, white space is collapsed, and what
/// is longer than 200 bytes loses its middle, so that the extension stays.
package struct DisplayName: Hashable, Sendable, CustomStringConvertible {
    /// Most bytes of UTF-8.
    package static let maximumBytes = 200
    private static let nameless = "upload"

    /// 1…200 bytes of UTF-8.
    package let description: String

    /// Makes a name harmless.
    package init(_ text: String) {
        // A cut before the rest bounds the work; a path longer than this has its name at the end.
        let component = text.unicodeScalars.suffix(4096).split { $0 == "/" || $0 == "\\" }.last ?? []
        // Scalar by scalar: a blank with an accent on it would be one character.
        let visible = component.filter { !Self.isHidden($0) || $0.properties.isWhitespace }
        let words = visible.split(whereSeparator: \.properties.isWhitespace)
            .map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
        let name = words == "." || words == ".." ? "" : Self.shortened(words)
        description = name.isEmpty ? Self.nameless : name
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > maximumBytes else { return name }
        let ending = name.lastIndex(of: ".").map { name[$0...] } ?? ""
        let kept = ending.utf8.count <= 16 ? ending : ""
        let room = maximumBytes - kept.utf8.count - 3
        var head = ""
        var bytes = 0
        for character in name {
            bytes += character.utf8.count
            if bytes > room { break }
            head.append(character)
        }
        return head + "…" + kept
    }
}
