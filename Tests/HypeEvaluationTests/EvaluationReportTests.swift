import Foundation
import HypeCore
import HypeEvaluation
import Testing

struct EvaluationReportTests {
    private func trial(
        _ label: Emotion,
        _ scores: [Emotion: Float]?,
        speaker: String? = nil,
        corpus: String? = nil,
        sex: String? = nil
    ) -> Trial {
        let file = LabeledFile(path: "x", emotion: label, speaker: speaker, corpus: corpus, sex: sex)
        return Trial(file: file, scores: scores.map { EmotionScores($0) })
    }

    private func report(
        _ trials: [Trial],
        classes: [Emotion] = Emotion.basic,
        threshold: Double = 0.5
    ) throws -> EvaluationReport {
        try #require(
            EvaluationReport(trials, kind: .sound, classes: classes, threshold: threshold, rounds: 100)
        )
    }

    @Test
    func calmCountsAsNeutralAmongSeven() throws {
        let trials = [trial(.neutral, [.calm: 0.6, .sad: 0.4]), trial(.calm, [.neutral: 0.9, .sad: 0.1])]
        let report = try report(trials)
        #expect(report.n == 2 && report.accuracy == 1)
        #expect(report.perClass[.neutral]?.n == 2)
    }

    @Test
    func eightClassesWhereCalmOccurs() {
        let files = [LabeledFile(path: "a", emotion: .calm), LabeledFile(path: "b", emotion: .sad)]
        #expect(EvaluationReport.classes(of: files, chosen: [], kind: .sound).count == 8)
        #expect(EvaluationReport.classes(of: files, chosen: [], kind: .picture) == Emotion.basic)
        #expect(EvaluationReport.classes(of: [files[1]], chosen: [], kind: .sound) == Emotion.basic)
        #expect(EvaluationReport.classes(of: files, chosen: [.sad, .happy], kind: .sound) == [.happy, .sad])
    }

    @Test
    func chosenLabelsAreRenormalisedAndOthersPassedOver() throws {
        let trials = [
            trial(.happy, [.angry: 0.7, .happy: 0.2, .sad: 0.1]), trial(.sad, [.angry: 0.9, .happy: 0.06, .sad: 0.04]),
            trial(.angry, [.angry: 1]), trial(.sad, [.angry: 1]),
        ]
        let report = try report(trials, classes: [.happy, .sad])
        #expect(report.n == 3)
        // 2/3 : 1/3, 0.6 : 0.4, and a tie that goes to the first.
        #expect(report.confusion == [[1, 0], [2, 0]])
        let confidences = report.reliability.map(\.confidence)
        #expect(abs((confidences.last ?? 0) - (2.0 / 3 + 0.6) / 2) < 1e-6)
        #expect(abs((confidences.first ?? 0) - 0.5) < 1e-6)
    }

    @Test
    func filesWithoutAnAnswerCountAsWrongAndAreShownApart() throws {
        let trials = [trial(.happy, [.happy: 1]), trial(.happy, nil), trial(.sad, [.sad: 1]), trial(.sad, [.sad: 1])]
        let report = try report(trials)
        #expect(report.n == 4 && report.unanswered == 1)
        #expect(report.accuracy == 0.75 && report.war == 0.75 && report.uar == 0.75)
        #expect(report.answered?.n == 3 && report.answered?.accuracy == 1)
        #expect(report.perClass[.happy]?.unanswered == 1)
        #expect(report.perClass[.happy]?.recall == 0.5 && report.perClass[.happy]?.precision == 1)
        #expect(abs((report.perClass[.happy]?.f1 ?? 0) - 2.0 / 3) < 1e-12)
        #expect(report.perClass[.fear]?.precision == nil && report.perClass[.fear]?.recall == nil)
        #expect(report.abstention.first?.answered == 0.75)
        #expect(report.abstention.contains { $0.threshold == 0.5 })
    }

    @Test
    func intervalIsOverSpeakersWhereThereAreEnough() throws {
        let many = (0..<10).map { trial(.sad, [.sad: 1], speaker: "s\($0 % 5)") }
        let few = (0..<10).map { trial(.sad, [.sad: 1], speaker: "s\($0 % 4)") }
        let unnamed = many + [trial(.sad, [.sad: 1])]
        #expect(try report(many).interval.by == "speaker")
        #expect(try report(many).interval.groups == 5)
        #expect(try report(few).interval.by == "file")
        #expect(try report(few).speakers == 4)
        #expect(try report(unnamed).interval.by == "file")
    }

    @Test
    func partsAreMeasuredApart() throws {
        let trials = [
            trial(.sad, [.sad: 1], corpus: "b", sex: "male"), trial(.sad, [.happy: 1], corpus: "a", sex: "female"),
            trial(.happy, [.happy: 1], corpus: "a"),
        ]
        let report = try report(trials)
        #expect(report.byCorpus.map(\.name) == ["a", "b"])
        #expect(report.byCorpus.map(\.accuracy) == [0.5, 1])
        #expect(report.bySex.map(\.name) == ["(not named)", "female", "male"])
        #expect(try self.report([trial(.sad, [.sad: 1])]).byCorpus.isEmpty)
    }

    @Test
    func foldsAreMeasuredApartAndTheirSpreadIsGiven() throws {
        let trials = (0..<12).map { index in
            var file = LabeledFile(path: "x", emotion: .sad, speaker: "s\(index % 6)")
            file.fold = index % 3 + 1
            // All of fold 1 right, half of fold 2, none of fold 3.
            let isRight = index % 3 == 0 || (index % 3 == 1 && index > 5)
            return Trial(file: file, scores: EmotionScores([isRight ? .sad : .happy: 1]), isTaught: index < 4)
        }
        let report = try report(trials)
        #expect(report.byFold.map(\.name) == ["1", "2", "3"])
        #expect(report.byFold.map(\.uar) == [1, 0.5, 0])
        #expect(report.folds?.count == 3 && report.folds?.uarMean == 0.5)
        #expect(abs((report.folds?.uarDeviation ?? 0) - 0.5) < 1e-12)
        #expect(report.taught == 4)
        #expect(try self.report([trial(.sad, [.sad: 1])]).folds == nil)
    }

    @Test
    func calibrationErrorHasAnIntervalThatHoldsIt() throws {
        let trials = (0..<60).map { index in
            trial(.sad, [.sad: index.isMultiple(of: 3) ? 0.4 : 0.7, .happy: 0.3], speaker: "s\(index % 10)")
        }
        let report = try report(trials)
        let (ece, bounds) = (try #require(report.ece), try #require(report.interval.ece))
        #expect(bounds[0] <= ece && ece <= bounds[1])
        #expect(try self.report([trial(.sad, nil)]).interval.ece == nil)
    }

    @Test
    func nothingLeftIsNoReport() {
        #expect(EvaluationReport([], kind: .sound, classes: Emotion.basic, threshold: 0.5) == nil)
        let trials = [trial(.sad, [.sad: 1])]
        #expect(EvaluationReport(trials, kind: .sound, classes: [.happy, .fear], threshold: 0.5) == nil)
    }

    @Test
    func noAnswerAtAllStillHasFigures() throws {
        let report = try report([trial(.sad, nil), trial(.happy, nil)])
        #expect(report.accuracy == 0 && report.uar == 0 && report.ece == nil && report.unanswered == 2)
        #expect(report.reliability.isEmpty)
    }

    @Test
    func documentHasTheAgreedNames() throws {
        let data = try JSONEncoder().encode(try report([trial(.sad, [.sad: 1])]))
        let value = try JSONSerialization.jsonObject(with: data)
        let object = try #require(value as? [String: Any])
        for name in ["n", "accuracy", "uar", "war", "ece", "interval", "confusion", "labels", "perClass"] {
            #expect(object[name] != nil, "\(name)")
        }
        #expect((object["perClass"] as? [String: Any])?["sad"] != nil)
    }
}
