import Foundation

/// How titles are compared where a list is searched: without regard to case, and to how accents are composed.
package enum TitleFolding {
    /// The form of a text that is looked for and in.
    ///
    /// Upper case first, so that letters with several small forms (ß and ss, σ and ς) become the same.
    package static func fold(_ text: String) -> String {
        text.uppercased().lowercased().precomposedStringWithCanonicalMapping
    }
}
