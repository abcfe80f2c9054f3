package import HypeCore

/// A file and what people say that it shows.
package struct LabeledFile: Hashable, Sendable {
    /// Where the file is.
    package var path: String
    /// What it shows.
    package var emotion: Emotion
    /// Who is seen or heard, or nil where unknown.
    package var speaker: String?
    /// Which collection the file is from, or nil.
    package var corpus: String?
    /// Sex of the speaker as the collection names it, or nil.
    package var sex: String?
    /// Number of its fold, from 1; nil where there are no folds.
    package var fold: Int?
    /// Whether the collection itself keeps it for testing.
    package var isTestPart: Bool

    /// Creates a labelled file.
    package init(
        path: String,
        emotion: Emotion,
        speaker: String? = nil,
        corpus: String? = nil,
        sex: String? = nil,
        fold: Int? = nil,
        isTestPart: Bool = false
    ) {
        self.path = path
        self.emotion = emotion
        self.speaker = speaker
        self.corpus = corpus
        self.sex = sex
        self.fold = fold
        self.isTestPart = isTestPart
    }
}

extension LabeledFile {
    /// Whether the ending of its name is that of a single picture.
    package var isPicture: Bool {
        guard let dot = path.lastIndex(of: ".") else { return false }
        return Dataset.pictures.contains(path[path.index(after: dot)...].lowercased())
    }
}

/// A file that is not judged, and why.
package struct SkippedFile: Hashable, Sendable, Codable {
    /// The file.
    package var file: String
    /// Why, for a person.
    package var reason: String

    /// Creates an entry.
    package init(file: String, reason: String) {
        self.file = file
        self.reason = reason
    }
}

/// Files with labels, and what was left out on the way to them.
package struct LabeledFiles: Hashable, Sendable {
    /// The files, in the order of the manifest or of their paths.
    package var files: [LabeledFile] = []
    /// Labels that are no class here, such as boredom, with the number of their files.
    package var foreignLabels: [String: Int] = [:]
    /// Files that belong to the collection and are not judged, such as those that are known to be broken.
    package var skipped: [SkippedFile] = []
    /// Files that do not look like part of the collection.
    package var strangers = 0
    /// What a person should know.
    package var notes: [String] = []

    /// Creates an empty list.
    package init() {}

    /// Takes a file in, or counts its label where it is no class.
    ///
    /// - Parameters:
    ///   - label: The label as it stands there.
    ///   - file: Makes the entry for the emotion.
    package mutating func add(label: String, _ file: (Emotion) -> LabeledFile) {
        let name = label.trimmedASCII
        if let emotion = Emotion(label: name) {
            files.append(file(emotion))
        } else {
            foreignLabels[name.isEmpty ? "(none)" : name.lowercased(), default: 0] += 1
        }
    }
}

extension String {
    /// The text without blanks and line ends around it.
    var trimmedASCII: String {
        var scalars = unicodeScalars[...]
        while let last = scalars.last, last == " " || last == "\t" || last == "\r" || last == "\n" {
            scalars.removeLast()
        }
        while let first = scalars.first, first == " " || first == "\t" { scalars.removeFirst() }
        return String(scalars)
    }

    /// The text, or nil where there is none.
    var nonEmpty: String? { isEmpty ? nil : self }
}
