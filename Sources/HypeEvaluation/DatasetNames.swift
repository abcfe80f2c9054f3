import HypeCore

extension Dataset {
    /// What a file's name says.
    package struct Sign: Hashable, Sendable {
        /// Name of the emotion; may be none of the classes, such as boredom.
        package var label: String
        /// Who speaks, or nil.
        package var speaker: String?
        /// Sex of the speaker, or nil.
        package var sex: String?
        /// Which clip of the collection it is; the same for a sound and a film of one performance.
        package var clip: String
        /// What the file holds.
        package var form: Form
        /// Why the clip must not be judged though its name is right, for a person; nil where nothing is known.
        package var fault: String?
    }

    /// What a file holds, as far as its name and ending tell.
    package enum Form: Hashable, Sendable {
        case sound, film, silentFilm, picture
    }

    /// Reads a file's name.
    ///
    /// - Parameter path: Where the file lies in the collection's folder, such as `AudioWAV/1001_DFA_ANG_XX.wav`.
    /// - Returns: What the name says; nil where it is not named like a file of the collection.
    package func sign(of path: String) -> Sign? {
        let parts = path.split(separator: "/").map(String.init)
        guard let name = parts.last, let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
        let ending = name[name.index(after: dot)...].lowercased()
        guard extensions.contains(ending) else { return nil }
        let form: Form =
            Self.films.contains(ending) ? .film : Self.sounds.contains(ending) ? .sound : .picture
        let stem = name[..<dot].lowercased()
        let folders = Array(parts.dropLast())
        switch self {
        case .ravdess: return Self.ravdess(stem, form, channel: "01")
        case .ravdessSong: return Self.ravdess(stem, form, channel: "02")
        case .tess: return Self.tess(stem, form)
        case .cremaD: return Self.cremaD(stem, form)
        case .savee: return Self.savee(stem, form, folders: folders)
        case .emodb: return Self.emodb(stem, form)
        case .enterface05: return Self.enterface(stem, form, folders: folders)
        case .fer2013, .ferplus, .folders: return Self.folder(folders, path: path, form)
        case .affectnet:
            if let number = folders.last.flatMap({ Int($0) }), Self.affectNetLabels.indices.contains(number) {
                return Sign(label: Self.affectNetLabels[number], clip: path, form: form)
            }
            return Self.folder(folders, path: path, form)
        }
    }

    private static func ravdess(_ stem: String, _ form: Form, channel: String) -> Sign? {
        guard let match = stem.wholeMatch(of: /(0[123])-(0[12])-(0[1-8])-(\d\d-\d\d-\d\d)-(\d\d)/),
            match.2 == channel, let code = Int(match.3), let actor = Int(match.5), (1...24).contains(actor)
        else { return nil }
        let isSilent = match.1 == "02"
        guard !isSilent || form == .film else { return nil }
        let labels = ["neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprise"]
        return Sign(
            label: labels[code - 1],
            speaker: "ravdess-\(match.5)",
            sex: actor.isMultiple(of: 2) ? "female" : "male",
            clip: "\(match.2)-\(match.3)-\(match.4)-\(match.5)",
            form: isSilent ? .silentFilm : form
        )
    }

    private static func tess(_ stem: String, _ form: Form) -> Sign? {
        guard let match = stem.wholeMatch(of: /(oaf?|yaf)_([a-z]+)_(angry|disgust|fear|happy|neutral|ps|sad)/) else {
            return nil
        }
        // One file of the collection is named OA_ instead of OAF_.
        let speaker = match.1 == "yaf" ? "YAF" : "OAF"
        return Sign(
            label: String(match.3),
            speaker: "tess-\(speaker)",
            sex: "female",
            clip: "\(speaker)_\(match.2)_\(match.3)",
            form: form
        )
    }

    private static func cremaD(_ stem: String, _ form: Form) -> Sign? {
        guard let match = stem.wholeMatch(of: /(1\d{3}_[a-z]{3}_(ang|dis|fea|hap|neu|sad))_(lo|md|hi|xx|x)/) else {
            return nil
        }
        // One sound was published as …_X and renamed later.
        let clip = "\(match.1)_\(match.3 == "x" ? "xx" : match.3)".uppercased()
        return Sign(
            label: String(match.2),
            speaker: "crema-\(match.1.prefix(4))",
            clip: clip,
            form: form,
            fault: cremaFaults[clip]
        )
    }

    /// Clips that the makers of CREMA-D name as unusable, and what those who looked into them found.
    private static let cremaFaults = [
        "1064_IEO_DIS_MD": "known fault of CREMA-D: a minute long, with every emotion of that sentence",
        "1064_TIE_SAD_XX": "known fault of CREMA-D: breaks off after less than a second",
        "1076_MTI_NEU_XX": "known fault of CREMA-D: nearly empty, its film has three pictures",
        "1076_MTI_SAD_XX": "known fault of CREMA-D: without sound",
    ]

    private static func savee(_ stem: String, _ form: Form, folders: [String]) -> Sign? {
        let labels: [Substring: String] = [
            "a": "angry", "d": "disgust", "f": "fear", "h": "happy", "n": "neutral", "sa": "sad", "su": "surprise",
        ]
        guard let match = stem.wholeMatch(of: /(?:(dc|je|jk|kl)_)?(sa|su|[adfhn])(\d\d?)/),
            let label = labels[match.2], let number = Int(match.3),
            let speaker = match.1.map({ $0.uppercased() }) ?? folders.last?.uppercased(),
            ["DC", "JE", "JK", "KL"].contains(speaker)
        else { return nil }
        return Sign(
            label: label,
            speaker: "savee-\(speaker)",
            sex: "male",
            clip: "\(speaker)_\(match.2)\(number)",
            form: form
        )
    }

    private static func emodb(_ stem: String, _ form: Form) -> Sign? {
        let labels: [Substring: String] = [
            "w": "angry", "l": "boredom", "e": "disgust", "a": "fear", "f": "happy", "t": "sad", "n": "neutral",
        ]
        guard let match = stem.wholeMatch(of: /(\d\d)[ab]\d\d([wleaftn])[a-z]?/), let label = labels[match.2] else {
            return nil
        }
        let men: Set<Substring> = ["03", "10", "11", "12", "15"]
        let women: Set<Substring> = ["08", "09", "13", "14", "16"]
        guard men.contains(match.1) || women.contains(match.1) else { return nil }
        return Sign(
            label: label,
            speaker: "emodb-\(match.1)",
            sex: men.contains(match.1) ? "male" : "female",
            clip: stem,
            form: form
        )
    }

    private static func enterface(_ stem: String, _ form: Form, folders: [String]) -> Sign? {
        let labels: [Substring: String] = [
            "an": "angry", "di": "disgust", "fe": "fear", "ha": "happy", "sa": "sad", "su": "surprise",
        ]
        // Subject 3 is written s_3, and one file ends in 3avi.avi. Subject 6 has one file per emotion.
        guard let match = stem.wholeMatch(of: /s_?(\d{1,2})_(an|di|fe|ha|sa|su)(?:_?(\d).*)?/),
            let label = labels[match.2], let named = Int(match.1)
        else { return nil }
        // The files of subject 11 are named s12 too: where both are there, the folder knows better.
        let person = folders.lazy.compactMap(subject).last ?? named
        guard (1...44).contains(person) else { return nil }
        var fault: String?
        if person == 6 {
            fault = "known fault of eNTERFACE'05: subject 6 is not cut into sentences"
        } else if match.3 == nil {
            return nil
        } else if let other = folders.lazy.compactMap({ Emotion(label: $0) }).last, other.rawValue != label {
            fault = "its name says \(label), its folder \(other)"
        }
        return Sign(
            label: label,
            speaker: "enterface05-\(person)",
            clip: "\(person)_\(match.2)_\(match.3 ?? "")",
            form: form,
            fault: fault
        )
    }

    /// The number in a folder's name such as `subject 11`.
    private static func subject(_ folder: String) -> Int? {
        folder.lowercased().wholeMatch(of: /subject[ _-]?(\d{1,2})/).flatMap { Int($0.1) }
    }

    /// The innermost folder whose name is an emotion; where none is, the innermost one as a foreign label.
    private static func folder(_ folders: [String], path: String, _ form: Form) -> Sign? {
        let named = folders.last { Emotion(label: $0) != nil } ?? folders.last
        return named.map { Sign(label: $0, clip: path, form: form) }
    }

    /// AffectNet's numbers of its classes.
    private static let affectNetLabels = [
        "neutral", "happy", "sad", "surprise", "fear", "disgust", "angry", "contempt",
    ]
}
