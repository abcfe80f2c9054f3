import Foundation
import HypeEvaluation
import Testing

struct MetricsTests {
    /// Ten items of three classes; worked out by hand.
    private let truths = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]
    private let answers: [Int?] = [0, 0, 0, 1, 1, 1, 2, 2, nil, 0]

    @Test
    func countsByTruthAndAnswer() {
        let counts = Metrics.confusion(truths: truths, answers: answers, classes: 3)
        #expect(counts == [[3, 1, 0], [0, 2, 1], [1, 0, 1]])
    }

    @Test
    func noAnswerIsWrong() {
        #expect(Metrics.accuracy(truths: truths, answers: answers) == 0.6)
        let recalls = [3.0 / 4, 2.0 / 3, 1.0 / 3]
        #expect(abs(Metrics.uar(truths: truths, answers: answers) - recalls.reduce(0, +) / 3) < 1e-12)
    }

    @Test
    func recallIsAveragedOverTheClassesThatOccur() {
        #expect(Metrics.uar(truths: [2, 2], answers: [2, 0]) == 0.5)
    }

    @Test
    func calibrationErrorIsTheMeanDistanceWeightedByBins() {
        // Bins of 1/15: 0.95 and 0.95 lie together (half right), 0.5 alone (right).
        let certainties = [
            Certainty(confidence: 0.95, isRight: true), Certainty(confidence: 0.95, isRight: false),
            Certainty(confidence: 0.5, isRight: true), Certainty(confidence: 1, isRight: true),
        ]
        // 0.95, 0.95 and 1 share the last bin: mean 2.9/3, right 2/3.
        let wanted = abs(2.0 / 3 - 2.9 / 3) * 0.75 + 0.5 * 0.25
        #expect(abs(Metrics.calibrationError(certainties) - wanted) < 1e-12)
        #expect(Metrics.calibrationError([]).isNaN)
    }

    @Test
    func abstentionCountsWhatCouldNotBeJudged() {
        let certainties = [Certainty(confidence: 0.9, isRight: true), Certainty(confidence: 0.4, isRight: false)]
        let points = Metrics.abstention(certainties, total: 4, thresholds: [0, 0.4, 0.5, 0.95])
        #expect(points.map(\.answered) == [0.5, 0.5, 0.25, 0])
        #expect(points.map(\.accuracy) == [0.5, 0.5, 1, nil])
    }

    @Test
    func bootstrapIsTheSameEachTimeAndDrawsWholeGroups() {
        let groups = [[0, 1, 2], [3, 4], [5]]
        let bootstrap = Bootstrap(groups: groups, rounds: 200)
        let sizes = bootstrap.intervals { [Double($0.count)] }
        #expect(sizes == Bootstrap(groups: groups, rounds: 200).intervals { [Double($0.count)] })
        #expect(sizes[0][0] >= 3 && sizes[0][1] <= 9)
        _ = bootstrap.intervals { drawn in
            #expect(drawn.count { $0 == 3 } == drawn.count { $0 == 4 })
            return [0]
        }
    }

    @Test
    func oneGroupHasNoSpread() {
        let values = [0.25, 0.5, 0.75]
        let mean = { (drawn: [Int]) in [drawn.reduce(0) { $0 + values[$1] } / Double(drawn.count)] }
        #expect(Bootstrap(groups: [[0, 1, 2]]).intervals(mean) == [[0.5, 0.5]])
    }

    // MARK: The reference

    /// What `Training/hypetrain/metrics.py` computed; `python -m hypetrain.parity` writes it.
    private struct Reference: Decodable {
        struct Point: Decodable {
            let threshold: Double
            let answered: Double
            let accuracy: Double
        }

        let labels: [Int]
        let people: [Int]
        let probabilities: [[Double]]
        let confusion: [[Int]]
        let uar: Double
        let war: Double
        let ece: Double
        let reliability: [[Double]]
        let abstention: [Point]
        let uarInterval: [Double]
        let warInterval: [Double]

        static func load() throws -> Reference {
            let url = try #require(Bundle.module.url(forResource: "Fixtures/metrics", withExtension: "json"))
            return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
        }

        var answers: [Int?] {
            probabilities.map { row in row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 } }
        }

        var certainties: [Certainty] {
            zip(zip(labels, answers), probabilities).map { pair, row in
                Certainty(confidence: row.max() ?? 0, isRight: pair.0 == pair.1)
            }
        }
    }

    @Test
    func figuresAreThoseOfPython() throws {
        let reference = try Reference.load()
        let (truths, answers) = (reference.labels, reference.answers)
        #expect(Metrics.confusion(truths: truths, answers: answers, classes: 7) == reference.confusion)
        #expect(abs(Metrics.uar(truths: truths, answers: answers) - reference.uar) < 1e-12)
        #expect(abs(Metrics.accuracy(truths: truths, answers: answers) - reference.war) < 1e-12)
        #expect(abs(Metrics.calibrationError(reference.certainties) - reference.ece) < 1e-7)
        let bins = Metrics.reliability(reference.certainties)
        #expect(bins.count == reference.reliability.count)
        for (bin, wanted) in zip(bins, reference.reliability) {
            #expect(abs(bin.confidence - wanted[0]) < 1e-7)
            #expect(abs(bin.accuracy - wanted[1]) < 1e-12)
            #expect(bin.count == Int(wanted[2]))
        }
        let points = Metrics.abstention(
            reference.certainties,
            total: truths.count,
            thresholds: reference.abstention.map(\.threshold)
        )
        for (point, wanted) in zip(points, reference.abstention) {
            #expect(abs(point.answered - wanted.answered) < 1e-12)
            #expect(abs((point.accuracy ?? -1) - wanted.accuracy) < 1e-12)
        }
    }

    @Test
    func intervalsAreThoseOfPythonWithinTheirOwnNoise() throws {
        // The generators differ; with 20,000 draws each both ends are sure to about half a point.
        let reference = try Reference.load()
        let (truths, answers) = (reference.labels, reference.answers)
        let groups = Dictionary(grouping: truths.indices) { reference.people[$0] }.sorted { $0.key < $1.key }
        let found = Bootstrap(groups: groups.map { Array($0.value) }, rounds: 20_000).intervals { drawn in
            let truths = drawn.map { truths[$0] }
            let answers = drawn.map { answers[$0] }
            return [
                Metrics.uar(truths: truths, answers: answers), Metrics.accuracy(truths: truths, answers: answers),
            ]
        }
        for (found, wanted) in zip(found, [reference.uarInterval, reference.warInterval]) {
            #expect(abs(found[0] - wanted[0]) < 0.01)
            #expect(abs(found[1] - wanted[1]) < 0.01)
        }
    }
}
