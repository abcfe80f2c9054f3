/// Texts as they stand in columns: without zero bytes, at which SQLite's C strings end.
///
/// Only columns need this; in documents JSON writes such letters in another way.
enum ColumnText {
    /// The column's text: a zero byte becomes U+0001 and `0`, so that different texts stay different.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 <= 1 }) else { return text }
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{0}": escaped.append(contentsOf: "\u{1}0".unicodeScalars)
            case "\u{1}": escaped.append(contentsOf: "\u{1}1".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// The text that ``escaped(_:)`` took.
    static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(1) else { return text }
        var plain = String.UnicodeScalarView()
        var isEscape = false
        for scalar in text.unicodeScalars {
            if isEscape {
                plain.append(scalar == "0" ? "\u{0}" : "\u{1}")
                isEscape = false
            } else if scalar == "\u{1}" {
                isEscape = true
            } else {
                plain.append(scalar)
            }
        }
        return String(plain)
    }
}
