/// People who are tested though the net was taught by them.
package struct SpeakerLeak: Hashable, Sendable {
    /// Names of the speakers as the tested files give them, sorted.
    package let speakers: [String]
    /// Number of their files.
    package let files: Int

    /// Compares what is tested with what taught.
    ///
    /// - Parameters:
    ///   - tested: The files that are tested.
    ///   - taught: The files that taught.
    /// - Returns: The people who are in both; nil where there are none.
    /// - Throws: ``EvaluationError`` with code `.leak` where it cannot be told, since files name no speakers.
    package static func find(
        tested: [LabeledFile],
        taught: [LabeledFile]
    ) throws(EvaluationError) -> SpeakerLeak? {
        for (files, what) in [(tested, "tested"), (taught, "training")] {
            let nameless = files.count { SpeakerKey($0) == nil }
            guard nameless == 0 else {
                throw EvaluationError(
                    .leak,
                    "whether speakers leak cannot be told: \(nameless) of the \(files.count) \(what) files name no "
                        + "speaker. Give their manifest a speaker column."
                )
            }
        }
        let known = Dictionary(grouping: taught.compactMap { SpeakerKey($0) }, by: \.name).mapValues(Set.init)
        let leaking = tested.filter { file in
            SpeakerKey(file).map { key in known[key.name]?.contains { $0.mayBe(key) } ?? false } ?? false
        }
        guard !leaking.isEmpty else { return nil }
        return SpeakerLeak(speakers: Set(leaking.compactMap(\.speaker)).sorted(), files: leaking.count)
    }

    private init(speakers: [String], files: Int) {
        self.speakers = speakers
        self.files = files
    }

    /// Names for a message, at most twenty.
    static func list(_ names: some Collection<String>) -> String {
        let shown = names.sorted().prefix(20).joined(separator: ", ")
        return names.count > 20 ? "\(shown) and \(names.count - 20) more" : shown
    }

    /// The people for a message.
    package var list: String { Self.list(speakers) }
}
