package import HypeCore

/// The tables that come with CREMA-D: who the actors are, and what the crowd answered.
///
/// Whatever is missing in them, or written otherwise, makes an entry less and nothing worse.
package struct CremaTables: Hashable, Sendable {
    /// What the raters of a clip answered.
    package enum Vote: Hashable, Sendable {
        /// One emotion has the most votes.
        case clear(Emotion)
        /// Several have equally many.
        case undecided([Emotion])
    }

    /// Sexes in lower case, by number of the actor.
    package private(set) var sexes: [String: String] = [:]
    /// Votes by clip, such as `1001_DFA_ANG_XX`.
    package private(set) var votes: [String: Vote] = [:]
    /// Which table the votes are from; nil where there is none.
    package private(set) var votesFrom: String?

    /// Creates empty tables.
    package init() {}

    /// Reads `VideoDemographics.csv` (columns ActorID and Sex).
    ///
    /// - Parameter text: CSV.
    package mutating func read(demographics text: String) {
        let table = CSVTable(text)
        let (actor, sex) = (table.column("actorid"), table.column("sex"))
        for row in table.rows {
            guard let actor = CSVTable.field(row, actor), let sex = CSVTable.field(row, sex) else { continue }
            sexes[actor] = sex.lowercased()
        }
    }

    /// Reads `processedResults/summaryTable.csv`, which gives the winners of each vote.
    ///
    /// - Parameters:
    ///   - text: CSV with the columns FileName and VoiceVote, FaceVote or MultiModalVote; equal winners are joined by
    ///     colons.
    ///   - labelling: Whose votes; `intended` reads nothing.
    package mutating func read(summary text: String, labelling: Labelling) {
        let table = CSVTable(text)
        guard let name = table.column("filename"), let column = Self.column(labelling, in: table) else { return }
        for row in table.rows {
            guard let clip = CSVTable.field(row, name), let winners = CSVTable.field(row, column) else { continue }
            votes[Self.clip(clip)] = Self.vote(winners.split(separator: ":").compactMap(Self.emotion))
        }
        votesFrom = "summaryTable.csv"
    }

    /// Reads `finishedResponses.csv`, which has a row for each answer, and counts.
    ///
    /// - Parameters:
    ///   - text: CSV with the columns clipName, queryType (1 voice, 2 face, 3 both) and respEmo.
    ///   - labelling: Whose votes; `intended` reads nothing.
    package mutating func read(responses text: String, labelling: Labelling) {
        let table = CSVTable(text)
        let query: String? =
            switch labelling {
            case .intended: nil
            case .crowdVoice: "1"
            case .crowdFace: "2"
            case .crowd: "3"
            }
        guard let query, let name = table.column("clipname"), let kind = table.column("querytype"),
            let answer = table.column("respemo")
        else { return }
        var counts: [String: [Emotion: Int]] = [:]
        for row in table.rows where CSVTable.field(row, kind) == query {
            guard let clip = CSVTable.field(row, name), let code = CSVTable.field(row, answer),
                let emotion = Self.emotion(code[...])
            else { continue }
            counts[Self.clip(clip), default: [:]][emotion, default: 0] += 1
        }
        for (clip, count) in counts {
            let most = count.values.max()
            votes[clip] = Self.vote(Emotion.allCases.filter { count[$0] == most })
        }
        votesFrom = "finishedResponses.csv"
    }

    private static func column(_ labelling: Labelling, in table: CSVTable) -> Int? {
        switch labelling {
        case .intended: nil
        case .crowd: table.column("multimodalvote")
        case .crowdFace: table.column("facevote")
        case .crowdVoice: table.column("voicevote")
        }
    }

    private static func vote(_ winners: [Emotion]) -> Vote? {
        guard let first = winners.first else { return nil }
        return winners.count == 1 ? .clear(first) : .undecided(winners)
    }

    private static func emotion(_ code: Substring) -> Emotion? {
        switch String(code).trimmedASCII.uppercased() {
        case "A": .angry
        case "D": .disgust
        case "F": .fear
        case "H": .happy
        case "N": .neutral
        case "S": .sad
        default: nil
        }
    }

    /// The clip of a name that may carry an ending, or the X of a sound that was renamed later.
    private static func clip(_ name: String) -> String {
        let stem = name.split(separator: ".").first.map { $0.uppercased() } ?? ""
        return stem.hasSuffix("_X") ? stem + "X" : stem
    }
}
