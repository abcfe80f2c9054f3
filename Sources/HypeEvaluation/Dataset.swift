import Foundation
import HypeCore

/// A public collection whose files say by their names or folders what they show.
///
/// The same rules as `Training/hypetrain/corpora.py`.
package enum Dataset: String, CaseIterable, Sendable {
    case ravdess, tess
    case cremaD = "crema-d"
    case savee, emodb, enterface05, fer2013, ferplus, affectnet, folders

    /// What its files are called, for a person who named the wrong folder.
    package var example: String {
        switch self {
        case .ravdess: "03-01-05-01-02-01-12.wav"
        case .tess: "OAF_back_angry.wav"
        case .cremaD: "1001_DFA_ANG_XX.wav"
        case .savee: "DC_a01.wav or DC/a01.wav"
        case .emodb: "03a01Fa.wav"
        case .enterface05: "s1_an_1.avi"
        case .fer2013, .ferplus, .folders: "angry/001.png"
        case .affectnet: "angry/001.jpg or 6/001.jpg"
        }
    }

    /// Endings of files that are looked at, in lower case.
    private var extensions: Set<String> {
        switch self {
        case .ravdess, .tess, .cremaD, .savee, .emodb, .enterface05: Self.sounds
        case .fer2013, .ferplus, .affectnet: Self.pictures
        case .folders: Self.sounds.union(Self.pictures)
        }
    }

    private static let sounds: Set<String> = [
        "wav", "flac", "ogg", "opus", "mp3", "aif", "aiff", "m4a", "mp4", "avi", "flv", "mkv",
    ]
    private static let pictures: Set<String> = [
        "png", "jpg", "jpeg", "bmp", "webp", "tif", "tiff", "gif", "pgm", "ppm", "avif",
    ]

    /// Finds the labelled files of a folder and all folders in it.
    ///
    /// - Parameter folder: The collection.
    /// - Returns: The files in the order of their paths, and what was left out.
    /// - Throws: ``EvaluationError``, with code `.nothing` and an example of the names where no file fits.
    package func files(in folder: String) throws -> LabeledFiles {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw EvaluationError(.unreadable, "\(folder) is not a folder; name the one that holds \(rawValue)")
        }
        var result = LabeledFiles()
        var root = folder
        if [.fer2013, .ferplus, .affectnet].contains(self), let test = Self.testFolder(in: folder) {
            root = folder + "/" + test
            result.notes.append("Only the files under \(test)/ are used, as the others are for training.")
        }
        guard let walker = FileManager.default.enumerator(atPath: root) else {
            throw EvaluationError(.unreadable, "\(root) cannot be read; give this user the right to read it")
        }
        let names = walker.compactMap { $0 as? String }.sorted()
        let sexes = self == .cremaD ? CremaSpeakers(folder: folder, names: names) : nil
        for name in names {
            let url = URL(filePath: name)
            guard extensions.contains(url.pathExtension.lowercased()) else { continue }
            let folders = name.split(separator: "/").dropLast().map(String.init)
            guard let sign = sign(stem: url.deletingPathExtension().lastPathComponent, folders: folders) else {
                result.strangers += 1
                continue
            }
            result.add(label: sign.label) { emotion in
                LabeledFile(
                    path: root + "/" + name,
                    emotion: emotion,
                    speaker: sign.speaker,
                    corpus: rawValue,
                    sex: sexes?.sex(of: sign.speaker) ?? sign.sex
                )
            }
        }
        guard !result.files.isEmpty else {
            let looked = result.strangers > 0 ? "\(result.strangers) files there are named otherwise" : "none is there"
            throw EvaluationError(
                .nothing,
                "\(folder) holds no files of \(rawValue): expected files like \(example), but \(looked)"
            )
        }
        return result
    }

    private static func testFolder(in folder: String) -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().first { ["test", "privatetest"].contains($0.lowercased()) }
    }
}

extension Dataset {
    /// What a file's name says.
    package struct Sign: Hashable, Sendable {
        /// Name of the emotion; may be none of the classes, such as boredom.
        package var label: String
        /// Who speaks, or nil.
        package var speaker: String?
        /// Sex of the speaker, or nil.
        package var sex: String?

        /// Creates a sign.
        package init(label: String, speaker: String? = nil, sex: String? = nil) {
            self.label = label
            self.speaker = speaker
            self.sex = sex
        }
    }

    /// Reads a file's name.
    ///
    /// - Parameters:
    ///   - stem: The name without its ending.
    ///   - folders: The folders it lies in, from the collection's own down.
    /// - Returns: What the name says; nil where it is not named like a file of the collection.
    package func sign(stem: String, folders: [String]) -> Sign? {
        let lower = stem.lowercased()
        switch self {
        case .ravdess: return Self.ravdess(lower)
        case .tess: return Self.tess(lower)
        case .cremaD: return Self.cremaD(lower)
        case .savee: return Self.savee(lower, folder: folders.last?.uppercased())
        case .emodb: return Self.emodb(stem)
        case .enterface05: return Self.enterface(lower)
        case .fer2013, .ferplus, .folders: return Self.folder(folders)
        case .affectnet:
            if let number = folders.last.flatMap({ Int($0) }), Self.affectNetLabels.indices.contains(number) {
                return Sign(label: Self.affectNetLabels[number])
            }
            return Self.folder(folders)
        }
    }

    private static func ravdess(_ stem: String) -> Sign? {
        guard let match = stem.wholeMatch(of: /(?:01|03)-01-(\d\d)-\d\d-\d\d-\d\d-(\d\d)/), let code = Int(match.1),
            (1...8).contains(code), let actor = Int(match.2)
        else { return nil }
        let labels = ["neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprise"]
        return Sign(
            label: labels[code - 1],
            speaker: "ravdess-\(match.2)",
            sex: actor.isMultiple(of: 2) ? "female" : "male"
        )
    }

    private static func tess(_ stem: String) -> Sign? {
        guard let match = stem.wholeMatch(of: /(oaf?|yaf)_[a-z]+_(angry|disgust|fear|happy|neutral|ps|sad)/) else {
            return nil
        }
        // One file of the collection is named OA_ instead of OAF_.
        return Sign(label: String(match.2), speaker: match.1 == "yaf" ? "tess-YAF" : "tess-OAF", sex: "female")
    }

    private static func cremaD(_ stem: String) -> Sign? {
        guard let match = stem.wholeMatch(of: /(1\d{3})_[a-z]{3}_(ang|dis|fea|hap|neu|sad)_(?:lo|md|hi|xx|x)/) else {
            return nil
        }
        return Sign(label: String(match.2), speaker: "crema-\(match.1)")
    }

    private static func savee(_ stem: String, folder: String?) -> Sign? {
        let labels = [
            "a": "angry", "d": "disgust", "f": "fear", "h": "happy", "n": "neutral", "sa": "sad", "su": "surprise",
        ]
        if let match = stem.wholeMatch(of: /(dc|je|jk|kl)_(sa|su|[adfhn])\d\d/), let label = labels[String(match.2)] {
            return Sign(label: label, speaker: "savee-\(match.1.uppercased())", sex: "male")
        }
        guard let folder, ["DC", "JE", "JK", "KL"].contains(folder),
            let match = stem.wholeMatch(of: /(sa|su|[adfhn])\d\d/), let label = labels[String(match.1)]
        else { return nil }
        return Sign(label: label, speaker: "savee-\(folder)", sex: "male")
    }

    private static func emodb(_ stem: String) -> Sign? {
        let labels: [Substring: String] = [
            "W": "angry", "L": "boredom", "E": "disgust", "A": "fear", "F": "happy", "T": "sad", "N": "neutral",
        ]
        guard let match = stem.wholeMatch(of: /(\d\d)[ab]\d\d([WLEAFTN])[a-z]?/), let label = labels[match.2] else {
            return nil
        }
        let men: Set<Substring> = ["03", "10", "11", "12", "15"]
        let women: Set<Substring> = ["08", "09", "13", "14", "16"]
        let sex = men.contains(match.1) ? "male" : women.contains(match.1) ? "female" : nil
        return Sign(label: label, speaker: "emodb-\(match.1)", sex: sex)
    }

    private static func enterface(_ stem: String) -> Sign? {
        let labels: [Substring: String] = [
            "an": "angry", "di": "disgust", "fe": "fear", "ha": "happy", "sa": "sad", "su": "surprise",
        ]
        guard let match = stem.wholeMatch(of: /s_?(\d+)_(an|di|fe|ha|sa|su)_?\d.*/), let label = labels[match.2],
            let number = Int(match.1)
        else { return nil }
        return Sign(label: label, speaker: "enterface05-\(number)")
    }

    /// The innermost folder whose name is an emotion; where none is, the innermost one as a foreign label.
    private static func folder(_ folders: [String]) -> Sign? {
        let named = folders.last { Emotion(label: $0) != nil } ?? folders.last
        return named.map { Sign(label: $0) }
    }

    /// AffectNet's numbers of its classes.
    private static let affectNetLabels = [
        "neutral", "happy", "sad", "surprise", "fear", "disgust", "angry", "contempt",
    ]
}

/// The sexes of CREMA-D's actors, from its `VideoDemographics.csv` (columns ActorID and Sex), where that is at hand.
private struct CremaSpeakers {
    private var sexes: [String: String] = [:]

    /// Looks in a collection's folder, all folders in it, and the one around it.
    init(folder: String, names: [String]) {
        let inside = names.first { $0.split(separator: "/").last == "VideoDemographics.csv" }
        let path = inside.map { folder + "/" + $0 } ?? folder + "/../VideoDemographics.csv"
        guard let data = FileManager.default.contents(atPath: path) else { return }
        let table = CSVTable(String(decoding: data, as: UTF8.self))
        let (actor, sex) = (table.column("actorid"), table.column("sex"))
        for row in table.rows {
            guard let actor = CSVTable.field(row, actor), let sex = CSVTable.field(row, sex) else { continue }
            sexes["crema-\(actor)"] = sex.lowercased()
        }
    }

    func sex(of speaker: String?) -> String? { speaker.flatMap { sexes[$0] } }
}
