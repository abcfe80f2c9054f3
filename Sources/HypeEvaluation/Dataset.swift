import HypeCore

/// A public collection whose files say by their names or folders what they show.
///
/// The same rules as `Training/hypetrain/corpora.py`; `Tests/HypeEvaluationTests/Fixtures/names.csv` holds both to them.
package enum Dataset: String, CaseIterable, Sendable {
    case ravdess
    case ravdessSong = "ravdess-song"
    case tess
    case cremaD = "crema-d"
    case savee, emodb, enterface05, fer2013, ferplus, affectnet, folders

    /// What its files are called, for a person who named the wrong folder.
    package var example: String {
        switch self {
        case .ravdess: "03-01-05-01-02-01-12.wav"
        case .ravdessSong: "03-02-05-01-02-01-12.wav"
        case .tess: "OAF_back_angry.wav"
        case .cremaD: "1001_DFA_ANG_XX.wav"
        case .savee: "DC_a01.wav or DC/a01.wav"
        case .emodb: "03a01Fa.wav"
        case .enterface05: "s1_an_1.avi"
        case .fer2013, .ferplus, .folders: "angry/001.png"
        case .affectnet: "angry/001.jpg or 6/001.jpg"
        }
    }

    /// Whether its files are single pictures of faces, which have neither speakers nor tracks.
    package var isPictures: Bool { [.fer2013, .ferplus, .affectnet].contains(self) }

    /// Endings of files that are looked at, in lower case.
    var extensions: Set<String> {
        switch self {
        case .ravdess, .ravdessSong, .tess, .cremaD, .savee, .emodb, .enterface05: Self.sounds.union(Self.films)
        case .fer2013, .ferplus, .affectnet: Self.pictures
        case .folders: Self.sounds.union(Self.films).union(Self.pictures)
        }
    }

    static let sounds: Set<String> = ["wav", "flac", "ogg", "opus", "mp3", "aif", "aiff", "m4a"]
    static let films: Set<String> = ["mp4", "avi", "flv", "mkv", "mov", "mpg", "webm"]
    static let pictures: Set<String> = [
        "png", "jpg", "jpeg", "bmp", "webp", "tif", "tiff", "gif", "pgm", "ppm", "avif",
    ]
}
