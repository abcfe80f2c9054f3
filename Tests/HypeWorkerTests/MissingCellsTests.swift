import HypeCore
import HypeWorker
import Testing

struct MissingCellsTests {
    private func seen(_ range: Range<Double>) -> Observation {
        Observation(kind: .voice, interval: MediaInterval(seconds: range), score: 0.2, evidence: nil)
    }

    @Test func fillsWhatNobodySpokeAbout() {
        var cells = MissingCells(from: MediaTime(seconds: 3.2))
        let missing = cells.missing(until: MediaTime(seconds: 5.1), because: "no sound")
        #expect(missing.map(\.interval) == [3.0, 3.5, 4.0, 4.5].map { MediaInterval(seconds: $0..<$0 + 0.5) })
        #expect(missing.allSatisfy { $0.score == nil && $0.missing == "no sound" })
        #expect(cells.missing(until: MediaTime(seconds: 5.2), because: "no sound").isEmpty)
    }

    @Test func saysNothingTwice() {
        var cells = MissingCells(from: .zero)
        #expect(cells.accept(seen(0..<0.5)) != nil)
        #expect(cells.accept(seen(0.5..<1)) != nil)
        #expect(
            cells.missing(until: MediaTime(seconds: 2), because: "x").map(\.interval) == [
                MediaInterval(seconds: 1..<1.5), MediaInterval(seconds: 1.5..<2),
            ]
        )
        #expect(cells.accept(seen(1..<1.5)) == nil)
        let gap = Observation(kind: .voice, interval: MediaInterval(seconds: 1..<3), missing: "interrupted")
        #expect(cells.accept(gap)?.interval == MediaInterval(seconds: 2..<3))
    }

    @Test func aLongGapIsOneCell() {
        var cells = MissingCells(from: .zero)
        let missing = cells.missing(until: MediaTime(seconds: 3600), because: "asleep")
        #expect(missing.map(\.interval) == [MediaInterval(seconds: 0..<3600)])
    }

    @Test func randomSeriesNeitherOverlapNorHaveHoles() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<50 {
            var cells = MissingCells(from: .zero)
            var said: [MediaInterval] = []
            var time = 0.0
            for _ in 0..<200 {
                if Bool.random(using: &random) {
                    time += Double(Int.random(in: 0...6, using: &random)) * 0.25
                    said += cells.missing(until: MediaTime(seconds: time), because: "x").map(\.interval)
                } else {
                    let start = (time * 2).rounded(.down) / 2
                    said += [cells.accept(seen(start..<start + 0.5))].compactMap { $0?.interval }
                }
            }
            #expect(zip(said.dropFirst(), said).allSatisfy { $0.start >= $1.end })
        }
    }
}
