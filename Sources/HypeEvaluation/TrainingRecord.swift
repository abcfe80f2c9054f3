package import Foundation
import HypeCore

/// Who taught a net, as the description beside the model says.
///
/// `heard` in `Models/NAME.json` lists, for each collection, the speakers that the net was trained or calibrated on, or
/// `*` for all that is not the collection's own test part. A description without it names its data in words, `data`;
/// then every speaker of a collection named there counts as heard.
package struct TrainingRecord: Sendable {
    /// Name of the net.
    package let model: String
    private let speakers: [String: Set<SpeakerKey>]
    private let whole: Set<String>

    /// Reads a description; nil where it cannot be read or says nothing about data.
    ///
    /// - Parameter sidecar: JSON with `name` and `heard` or `data`.
    package init?(sidecar: Data) {
        struct Description: Decodable {
            var name: String
            var heard: [String: [String]]?
            var data: String?
        }
        guard let description = try? JSONDecoder().decode(Description.self, from: sidecar) else { return nil }
        model = description.name
        if let heard = description.heard {
            let named = heard.mapValues { Set($0.compactMap { SpeakerKey($0) }) }
            speakers = named
            whole = Set(heard.filter { $0.value.contains("*") }.keys)
        } else if let data = description.data {
            speakers = [:]
            whole = Set(Self.names.filter { data.localizedStandardContains($0.words) }.map(\.corpus))
        } else {
            return nil
        }
    }

    /// Whether a file may have taught the net: its speaker did, or all of its collection but the test part.
    ///
    /// A file whose collection and speaker are not named, or are others, did not as far as is known.
    package func mayHaveTaught(_ file: LabeledFile) -> Bool {
        guard !file.isTestPart else { return false }
        let key = SpeakerKey(file)
        if let key, speakers.values.contains(where: { $0.contains { $0.name == key.name } }) { return true }
        guard let corpus = Self.corpus(of: file, key) else { return false }
        if whole.contains(corpus) { return true }
        guard let known = speakers[corpus] else { return false }
        // Of a collection that taught, somebody without a name may be anybody.
        guard let key else { return true }
        return known.contains { $0.name.hasSuffix("-" + key.name) }
    }

    /// The collection of a file; sung and spoken clips of RAVDESS are of the same people.
    private static func corpus(of file: LabeledFile, _ key: SpeakerKey?) -> String? {
        if let corpus = file.corpus?.lowercased() { return corpus == "ravdess-song" ? "ravdess" : corpus }
        guard let key, let dash = key.name.firstIndex(of: "-") else { return nil }
        let prefix = String(key.name[..<dash])
        return prefix == "crema" ? "crema-d" : prefix
    }

    private static let names: [(words: String, corpus: String)] = [
        ("RAVDESS", "ravdess"), ("TESS", "tess"), ("CREMA-D", "crema-d"), ("SAVEE", "savee"), ("EmoDB", "emodb"),
        ("eNTERFACE", "enterface05"), ("FER2013", "fer2013"), ("FER2013", "ferplus"), ("AffectNet", "affectnet"),
    ]
}
