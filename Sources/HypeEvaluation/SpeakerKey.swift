/// A person as files name them, so that two spellings of one person are the same.
///
/// Case, blanks, and leading zeros of numbers do not tell people apart: `ravdess-1` is `RAVDESS-01`. People of different
/// collections are different, but one whose collection is not named may be anybody of that name.
package struct SpeakerKey: Hashable, Sendable {
    /// The name in the form that is compared.
    package let name: String
    /// The collection in lower case; nil where it is not named.
    package let corpus: String?

    /// Creates a key; nil where the file names no speaker.
    package init?(_ file: LabeledFile) {
        guard let speaker = file.speaker else { return nil }
        self.init(speaker, corpus: file.corpus)
    }

    /// Creates a key; nil where the name is empty.
    ///
    /// - Parameters:
    ///   - speaker: The name as it stands there.
    ///   - corpus: The collection, or nil.
    package init?(_ speaker: String, corpus: String? = nil) {
        let name = Self.plain(speaker)
        guard !name.isEmpty else { return nil }
        self.name = name
        self.corpus = corpus.map { $0.lowercased() }
    }

    /// Whether two keys may be one person.
    package func mayBe(_ other: Self) -> Bool {
        name == other.name && (corpus == nil || other.corpus == nil || corpus == other.corpus || isQualified)
    }

    /// Whether the name itself says which collection it is of, as those of ``Dataset`` do: sung and spoken clips of
    /// RAVDESS are different collections of the same people.
    private var isQualified: Bool { Self.prefixes.contains { name.hasPrefix($0) } }

    private static let prefixes = ["ravdess-", "tess-", "crema-", "savee-", "emodb-", "enterface05-"]

    private static func plain(_ text: String) -> String {
        var result = ""
        var pendingZero = false
        var inNumber = false
        for character in text.trimmedASCII.lowercased() {
            let isDigit = character.isASCII && character.isNumber
            if isDigit, !inNumber, character == "0" {
                pendingZero = true
                continue
            }
            if pendingZero, !isDigit { result.append("0") }
            pendingZero = false
            inNumber = isDigit
            result.append(character)
        }
        return pendingZero ? result + "0" : result
    }
}
