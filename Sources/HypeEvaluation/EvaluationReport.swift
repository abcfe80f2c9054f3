package import HypeCore

/// How well answers fit labels: what `evaluate --json` prints for one kind of files.
///
/// Accuracy, UAR and WAR count every file that could be read; one without an answer (no face, nobody speaks) counts as
/// wrong. The calibration error and the confusion matrix are about the files with an answer.
package struct EvaluationReport: Sendable, Codable {
    /// What was judged.
    package var kind: Kind
    /// Files that could be read.
    package var n: Int
    /// Part of them with the right answer, 0…1.
    package var accuracy: Double
    /// Unweighted average recall, 0…1: the mean over the classes of the part of their files with the right answer.
    package var uar: Double
    /// Weighted average recall, 0…1, which is the accuracy.
    package var war: Double
    /// Expected calibration error of the answers, 0…1; nil where there is none.
    package var ece: Double?
    /// 95 % bootstrap intervals.
    package var interval: Interval
    /// Counts of answers, rows are the truth, in the order of ``labels``.
    package var confusion: [[Int]]
    /// The classes.
    package var labels: [Emotion]
    /// Figures of each class.
    package var perClass: [Emotion: ClassFigures]
    /// Files without an answer.
    package var unanswered: Int
    /// The figures over the files with an answer alone; nil where every file or none has one.
    package var answered: Part?
    /// Figures of each collection, where the files name theirs.
    package var byCorpus: [Part]
    /// Figures of each sex, where the files name it.
    package var bySex: [Part]
    /// Figures of each fold, in their order, where the files are in folds.
    package var byFold: [Part]
    /// Mean and spread of the folds' figures; nil where there are no folds.
    package var folds: FoldSpread?
    /// How often answers of a confidence are right.
    package var reliability: [ReliabilityBin]
    /// What abstaining costs and brings; the model's own threshold is among the points.
    package var abstention: [AbstentionPoint]
    /// Confidence below which the model abstains, 0…1.
    package var threshold: Double
    /// Number of different speakers; nil where the files name none.
    package var speakers: Int?

    /// Files whose speakers taught the net; their answers say nothing about strangers.
    package var taught: Int

    /// What was judged.
    package enum Kind: String, CaseIterable, Sendable, Codable {
        /// The face in single pictures.
        case picture
        /// The voice.
        case sound
        /// The faces in films.
        case video
        /// Voice and faces in films, fused.
        case both
    }

    /// 95 % intervals of figures.
    package struct Interval: Hashable, Sendable, Codable {
        /// How likely the interval covers the figure, 0…1.
        package var level: Double
        /// What was drawn anew: `speaker` or `file`.
        package var by: String
        /// Number of speakers or files.
        package var groups: Int
        /// How often they were drawn.
        package var rounds: Int
        /// Lowest and highest accuracy.
        package var accuracy: [Double]
        /// Lowest and highest UAR.
        package var uar: [Double]
        /// Lowest and highest calibration error; nil where a draw may have no answer.
        package var ece: [Double]?
    }

    /// How the figures of folds differ.
    package struct FoldSpread: Hashable, Sendable, Codable {
        /// Number of folds with files.
        package var count: Int
        /// Mean of their UAR, 0…1.
        package var uarMean: Double
        /// Standard deviation of their UAR (n - 1 in the denominator); nil for a single fold.
        package var uarDeviation: Double?
        /// Mean of their accuracy, 0…1.
        package var accuracyMean: Double
        /// Standard deviation of their accuracy; nil for a single fold.
        package var accuracyDeviation: Double?
    }

    /// Figures of a class.
    package struct ClassFigures: Hashable, Sendable, Codable {
        /// Files of the class.
        package var n: Int
        /// Part of the answers of this class that are right, 0…1; nil where it is never answered.
        package var precision: Double?
        /// Part of the files of this class that are answered so, 0…1; nil where there is none.
        package var recall: Double?
        /// Harmonic mean of precision and recall, 0…1; nil where both are nil.
        package var f1: Double?
        /// Files of the class without an answer.
        package var unanswered: Int
    }

    /// Figures of a part of the files.
    package struct Part: Hashable, Sendable, Codable {
        /// Name of the part.
        package var name: String
        /// Files.
        package var n: Int
        /// Part with the right answer, 0…1.
        package var accuracy: Double
        /// Unweighted average recall over the classes that occur, 0…1.
        package var uar: Double
        /// Expected calibration error of the answers, 0…1; nil where there is none.
        package var ece: Double?
    }
}

/// A labelled file and what the pipeline made of it.
package struct Trial: Sendable {
    /// The file and its label.
    package var file: LabeledFile
    /// Probabilities of the eight emotions; nil where there was no answer.
    package var scores: EmotionScores?
    /// Whether the file's speaker taught the net.
    package var isTaught: Bool

    /// Creates a trial.
    package init(file: LabeledFile, scores: EmotionScores?, isTaught: Bool = false) {
        self.file = file
        self.scores = scores
        self.isTaught = isTaught
    }
}

extension EvaluationReport {
    /// Fewest speakers over which an interval is drawn; over fewer it would be a guess.
    package static let fewestSpeakers = 5

    /// Which classes labels stand for: all eight where `calm` is among them, else the seven basic ones.
    ///
    /// - Parameters:
    ///   - files: The labelled files.
    ///   - chosen: The classes that were asked for, or none.
    ///   - kind: Only voices have `calm`.
    /// - Returns: Classes in ``HypeCore/Emotion`` order.
    package static func classes(of files: [LabeledFile], chosen: [Emotion], kind: Kind) -> [Emotion] {
        if !chosen.isEmpty { return Emotion.allCases.filter(chosen.contains) }
        let hasCalm = kind == .sound && files.contains { $0.emotion == .calm }
        return hasCalm ? Emotion.allCases : Emotion.basic
    }

    /// Measures answers against labels; nil where no file is left.
    ///
    /// - Parameters:
    ///   - trials: At least one; files whose label is not among the classes are passed over, `calm` counting as
    ///     `neutral` where all seven basic classes and no `calm` are asked for.
    ///   - kind: What the files are.
    ///   - classes: The classes; probabilities are renormalised over them.
    ///   - threshold: Confidence below which the model abstains, 0…1.
    ///   - rounds: Draws of the bootstrap.
    package init?(
        _ trials: [Trial],
        kind: Kind,
        classes: [Emotion],
        threshold: Double,
        rounds: Int = 1000
    ) {
        let judged = trials.compactMap { Judged($0, classes: classes) }
        guard !judged.isEmpty else { return nil }
        let truths = judged.map(\.truth)
        let answers = judged.map(\.answer)
        let certainties = judged.compactMap(\.certainty)
        let speakers = Set(judged.compactMap(\.file.speaker))
        let bySpeaker = judged.allSatisfy { $0.file.speaker != nil } && speakers.count >= Self.fewestSpeakers
        let groups =
            bySpeaker
            ? Dictionary(grouping: judged.indices) { judged[$0].file.speaker ?? "" }
                .sorted { $0.key < $1.key }.map { Array($0.value) }
            : judged.indices.map { [$0] }
        let bounds = Bootstrap(groups: groups, rounds: rounds).intervals { drawn in
            let truths = drawn.map { truths[$0] }
            let answers = drawn.map { answers[$0] }
            return [
                Metrics.accuracy(truths: truths, answers: answers), Metrics.uar(truths: truths, answers: answers),
                Metrics.calibrationError(drawn.compactMap { judged[$0].certainty }),
            ]
        }
        let whole = Part(name: "all", judged)
        let byFold = Dictionary(grouping: judged.filter { $0.file.fold != nil }) { $0.file.fold ?? 0 }
            .sorted { $0.key < $1.key }
            .map { Part(name: "\($0.key)", $0.value) }
        let confusion = Metrics.confusion(truths: truths, answers: answers, classes: classes.count)
        let heard = judged.filter { $0.answer != nil }
        let points = Set([0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, threshold]).sorted()
        self.init(
            kind: kind,
            n: judged.count,
            accuracy: whole.accuracy,
            uar: whole.uar,
            war: whole.accuracy,
            ece: whole.ece,
            interval: Interval(
                level: 0.95,
                by: bySpeaker ? "speaker" : "file",
                groups: groups.count,
                rounds: rounds,
                accuracy: bounds[0],
                uar: bounds[1],
                ece: bounds[2].allSatisfy(\.isFinite) ? bounds[2] : nil
            ),
            confusion: confusion,
            labels: classes,
            perClass: Self.perClass(confusion, truths: truths, classes: classes),
            unanswered: judged.count - heard.count,
            answered: heard.isEmpty || heard.count == judged.count ? nil : Part(name: "answered", heard),
            byCorpus: Self.parts(judged, by: \.file.corpus),
            bySex: Self.parts(judged, by: \.file.sex),
            byFold: byFold,
            folds: FoldSpread(byFold),
            reliability: Metrics.reliability(certainties),
            abstention: Metrics.abstention(certainties, total: judged.count, thresholds: points),
            threshold: threshold,
            speakers: speakers.isEmpty ? nil : speakers.count,
            taught: judged.count(where: \.isTaught)
        )
    }

    private static func perClass(
        _ confusion: [[Int]],
        truths: [Int],
        classes: [Emotion]
    ) -> [Emotion: ClassFigures] {
        var figures: [Emotion: ClassFigures] = [:]
        for (index, emotion) in classes.enumerated() {
            let n = truths.count { $0 == index }
            let answered = confusion.reduce(0) { $0 + $1[index] }
            let right = confusion[index][index]
            let precision = answered > 0 ? Double(right) / Double(answered) : nil
            let recall = n > 0 ? Double(right) / Double(n) : nil
            // 2 TP / (2 TP + FP + FN), which needs neither of the two.
            let f1 = n + answered > 0 ? 2 * Double(right) / Double(n + answered) : nil
            figures[emotion] = ClassFigures(
                n: n,
                precision: precision,
                recall: recall,
                f1: f1,
                unanswered: n - confusion[index].reduce(0, +)
            )
        }
        return figures
    }

    /// Figures of each group of files that name theirs; none where no file does.
    private static func parts(_ judged: [Judged], by name: (Judged) -> String?) -> [Part] {
        guard judged.contains(where: { name($0) != nil }) else { return [] }
        return Dictionary(grouping: judged) { name($0) ?? "(not named)" }
            .sorted { $0.key < $1.key }
            .map { Part(name: $0.key, $0.value) }
    }
}

extension EvaluationReport.Part {
    fileprivate init(name: String, _ judged: [Judged]) {
        let truths = judged.map(\.truth)
        let answers = judged.map(\.answer)
        let certainties = judged.compactMap(\.certainty)
        self.init(
            name: name,
            n: judged.count,
            accuracy: Metrics.accuracy(truths: truths, answers: answers),
            uar: Metrics.uar(truths: truths, answers: answers),
            ece: certainties.isEmpty ? nil : Metrics.calibrationError(certainties)
        )
    }
}

extension EvaluationReport.FoldSpread {
    /// Measures folds; nil where there are none.
    fileprivate init?(_ folds: [EvaluationReport.Part]) {
        guard !folds.isEmpty else { return nil }
        let (uar, accuracy) = (folds.map(\.uar), folds.map(\.accuracy))
        self.init(
            count: folds.count,
            uarMean: Metrics.mean(uar),
            uarDeviation: Metrics.deviation(uar),
            accuracyMean: Metrics.mean(accuracy),
            accuracyDeviation: Metrics.deviation(accuracy)
        )
    }
}

/// A trial in numbers of the classes that are asked for.
private struct Judged {
    let file: LabeledFile
    let truth: Int
    let answer: Int?
    let certainty: Certainty?
    let isTaught: Bool

    /// Renormalises the scores over the classes; nil where the label is none of them.
    init?(_ trial: Trial, classes: [Emotion]) {
        let foldsCalm = !classes.contains(.calm)
        let isBasic = Emotion.basic.allSatisfy(classes.contains)
        let label = trial.file.emotion == .calm && foldsCalm && isBasic ? .neutral : trial.file.emotion
        guard let truth = classes.firstIndex(of: label) else { return nil }
        file = trial.file
        isTaught = trial.isTaught
        self.truth = truth
        guard let scores = foldsCalm ? trial.scores?.basic : trial.scores else {
            answer = nil
            certainty = nil
            return
        }
        let kept = classes.map { Double(scores[$0]) }
        let total = kept.reduce(0, +)
        let probabilities = total > 0 ? kept.map { $0 / total } : kept.map { _ in 1 / Double(kept.count) }
        let best = probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
        answer = best
        certainty = Certainty(confidence: probabilities[best], isRight: best == truth)
    }
}
