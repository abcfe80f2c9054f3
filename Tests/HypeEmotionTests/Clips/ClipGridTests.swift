import HypeCore
import HypeEmotion
import Testing

struct ClipGridTests {
    @Test(arguments: [
        (0.0, 1), (0.1, 1), (1.0, 1), (2.0, 1), (2.2, 1), (2.25, 2), (2.5, 2), (4.0, 2), (4.1, 2), (5.0, 3),
        (14400, 7200),
    ])
    func clipsCoverTheRecordingWithoutGaps(seconds: Double, count: Int) {
        let grid = ClipGrid(duration: .nanoseconds(Int64(seconds * 1e9)))
        #expect(grid.count == count)
        var end = MediaTime.zero
        for clip in 0..<min(count, 10) {
            #expect(grid.interval(of: clip).start == end)
            end = grid.interval(of: clip).end
        }
        #expect(abs(grid.interval(of: count - 1).end.seconds - seconds) < 1e-6)
    }

    @Test
    func instantsBelongToOneClip() {
        let grid = ClipGrid(duration: .seconds(5))
        #expect(
            [-1, 0, 1.99, 2, 3.9, 4, 5, 99].map { grid.clip(at: MediaTime(seconds: $0)) } == [0, 0, 0, 1, 1, 2, 2, 2]
        )
        #expect(grid.clips(in: MediaInterval(seconds: 0..<2)) == 0...0)
        #expect(grid.clips(in: MediaInterval(seconds: 1.5..<4.5)) == 0...2)
        #expect(grid.clips(in: MediaInterval(seconds: 3..<3)) == 1...1)
    }

    @Test
    func meanOfScoresIsWeighted() throws {
        var sum = ScoreSum()
        #expect(sum.mean == nil)
        #expect(sum.embedding.isEmpty)
        sum.add(EmotionScores([.happy: 1]), embedding: [1, 0], weight: 3)
        sum.add(EmotionScores([.sad: 1]), embedding: [0, 2], weight: 1)
        sum.add(EmotionScores([.fear: 1]), embedding: [9, 9], weight: 0)
        let mean = try #require(sum.mean)
        #expect(mean[.happy] == 0.75 && mean[.sad] == 0.25 && mean[.fear] == 0)
        #expect(sum.embedding == [0.75, 0.5])
        #expect(sum.weight == 4)
    }
}
