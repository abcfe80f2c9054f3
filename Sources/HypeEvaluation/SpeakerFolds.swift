import HypeCore

/// Parts of a collection that share no speaker, for cross-validation.
///
/// The same files give the same folds, in whatever order they come. Speakers are dealt one after the other, those with
/// most files first, to the fold that this leaves most even in files, emotions and sexes; then two speakers change
/// places as long as that makes the folds more even.
package enum SpeakerFolds {
    /// Deals the speakers of files to folds.
    ///
    /// - Parameters:
    ///   - files: Files that all name their speakers.
    ///   - count: Number of folds, at least 2 and at most the number of speakers.
    /// - Returns: The same files in the same order, each with the number of its fold, from 1.
    /// - Throws: ``EvaluationError`` with code `.folds` where speakers are missing or too few.
    package static func deal(_ files: [LabeledFile], into count: Int) throws(EvaluationError) -> [LabeledFile] {
        let nameless = files.count { SpeakerKey($0) == nil }
        guard nameless == 0 else {
            throw EvaluationError(
                .folds,
                "folds need to know who speaks, and \(nameless) of \(files.count) files do not say. "
                    + "Give a manifest with a speaker column."
            )
        }
        let people = Dictionary(grouping: files) { SpeakerKey($0)?.name ?? "" }
        guard count >= 2, count <= people.count else {
            throw EvaluationError(
                .folds,
                "\(people.count) \(people.count == 1 ? "speaker" : "speakers") cannot be dealt to \(count) folds: "
                    + "each fold needs one at least, and there must be two folds."
            )
        }
        let order = people.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        var table = FoldBalance(Self.shares(of: order.map(\.value)), folds: count)
        table.deal()
        table.swap()
        let folds = Dictionary(uniqueKeysWithValues: zip(order.map(\.key), table.folds))
        return files.map { file in
            var file = file
            file.fold = SpeakerKey(file).flatMap { folds[$0.name] }.map { $0 + 1 }
            return file
        }
    }

    /// What part of all files, of each emotion and of each sex a speaker is.
    ///
    /// - Returns: Parts, 0…1. Shape `[speakers, features]`.
    private static func shares(of people: [[LabeledFile]]) -> [[Double]] {
        let sexes = Set(people.map { $0.first?.sex ?? "" }).sorted()
        let counts = people.map { files in
            [Double(files.count)] + Emotion.allCases.map { emotion in Double(files.count { $0.emotion == emotion }) }
                + sexes.map { $0 == files.first?.sex ?? "" ? 1 : 0 }
        }
        let totals = counts.reduce(into: [Double](repeating: 0, count: counts.first?.count ?? 0)) { totals, row in
            for index in row.indices { totals[index] += row[index] }
        }
        return counts.map { row in zip(row, totals).map { $1 > 0 ? $0 / $1 : 0 } }
    }
}

/// Speakers in folds, and how uneven that is: the sum over folds and features of squared shares.
private struct FoldBalance {
    /// Swapping ends after this many rounds; it has ended by itself after three or four on the usual collections.
    private static let mostRounds = 50

    private let speakers: [[Double]]
    private var loads: [[Double]]
    private var sizes: [Int]
    /// The fold of each speaker, from 0.
    private(set) var folds: [Int]

    init(_ speakers: [[Double]], folds count: Int) {
        self.speakers = speakers
        loads = [[Double]](repeating: [Double](repeating: 0, count: speakers.first?.count ?? 0), count: count)
        sizes = [Int](repeating: 0, count: count)
        folds = [Int](repeating: 0, count: speakers.count)
    }

    /// Deals the speakers in their order.
    mutating func deal() {
        for (index, speaker) in speakers.enumerated() {
            // Later speakers must still suffice for the folds that have none.
            let empty = sizes.indices.filter { sizes[$0] == 0 }
            let open = speakers.count - index <= empty.count ? empty : Array(sizes.indices)
            let costs = open.map { Self.product(loads[$0], speaker) }
            guard let least = costs.min(), let place = costs.firstIndex(of: least) else { continue }
            let fold = open[place]
            folds[index] = fold
            sizes[fold] += 1
            for feature in speaker.indices { loads[fold][feature] += speaker[feature] }
        }
    }

    /// Has pairs of speakers change places while the folds become more even.
    mutating func swap() {
        // So many people are dealt evenly enough, and their pairs would take minutes.
        guard speakers.count <= 1000 else { return }
        for _ in 0..<Self.mostRounds {
            var isChanged = false
            for first in speakers.indices {
                for second in speakers.indices where second > first && folds[first] != folds[second] {
                    let change = zip(speakers[second], speakers[first]).map { $0 - $1 }
                    let (here, there) = (folds[first], folds[second])
                    let gain =
                        Self.product(loads[here], change) - Self.product(loads[there], change)
                        + Self.product(change, change)
                    // Not below rounding, so that two swaps cannot undo each other for ever.
                    guard gain < -1e-9 else { continue }
                    for feature in change.indices {
                        loads[here][feature] += change[feature]
                        loads[there][feature] -= change[feature]
                    }
                    folds.swapAt(first, second)
                    isChanged = true
                }
            }
            if !isChanged { return }
        }
    }

    private static func product(_ first: [Double], _ second: [Double]) -> Double {
        var sum = 0.0
        for index in first.indices { sum += first[index] * second[index] }
        return sum
    }
}
