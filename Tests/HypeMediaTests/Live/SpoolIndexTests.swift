import HypeCore
import HypeMedia
import Testing

struct SpoolIndexTests {
    /// Parts of two seconds with a key frame at the beginning of each.
    private func index(
        _ count: Int,
        epoch: (Int) -> Int = { _ in 0 },
        hasKey: (Int) -> Bool = { _ in true }
    ) -> SpoolIndex {
        var index = SpoolIndex()
        for number in 1...count {
            let start = MediaTime(seconds: Double(number - 1) * 2)
            index.update(
                SpoolIndex.Part(
                    number: number,
                    epoch: epoch(number),
                    start: start,
                    end: start + .seconds(2),
                    firstKey: hasKey(number) ? start : nil,
                    bytes: 1000
                )
            )
        }
        return index
    }

    @Test func dropsTheOldestPartsFirst() {
        var index = index(10)
        #expect(index.bytes == 10_000)
        #expect(index.evict(toBytes: 4500).map(\.number) == [1, 2, 3, 4, 5, 6])
        #expect(index.start == MediaTime(seconds: 12))
        #expect(index.nextNumber == 11)
    }

    @Test func neverDropsThePartThatIsWritten() {
        var index = index(3)
        #expect(index.evict(toBytes: 0).count == 2)
        #expect(index.removeOldest() == nil)
    }

    @Test func aGrowingPartCountsOnce() {
        var index = index(2)
        var last = index.parts[1]
        last.bytes = 5000
        index.update(last)
        #expect(index.parts.count == 2)
        #expect(index.bytes == 6000)
    }

    @Test func findsTheKeyFrameBeforeAStretchAndTheSoundAroundIt() {
        let parts = index(10).parts(for: MediaInterval(seconds: 9..<11), epoch: 0)
        // The key frame at 8 s, sound from 7 s on, and packets that lag up to 13 s.
        #expect(parts.map(\.number) == [4, 5, 6, 7])
    }

    @Test func goesBackOverPartsWithoutAKeyFrame() {
        let parts = index(10) { _ in
            0
        } hasKey: {
            $0 % 5 == 1
        }
        .parts(for: MediaInterval(seconds: 9..<9.5), epoch: 0)
        #expect(parts.first?.number == 1)
    }

    @Test func keepsToOneEpoch() {
        let index = index(10, epoch: { $0 <= 5 ? 0 : 1 })
        #expect(index.epochs.map(\.epoch) == [0, 1])
        #expect(index.epochs[1].interval == MediaInterval(seconds: 10..<20))
        #expect(index.parts(for: MediaInterval(seconds: 9..<11), epoch: 1).map(\.number) == [6, 7])
        #expect(index.tail(span: .seconds(60), bytes: .max).map(\.number) == [6, 7, 8, 9, 10])
    }

    @Test func theTailKeepsItsBounds() {
        #expect(index(10).tail(span: .seconds(5), bytes: .max).map(\.number) == [8, 9, 10])
        #expect(index(10).tail(span: .seconds(50), bytes: 3500).map(\.number) == [8, 9, 10])
        #expect(SpoolIndex().tail(span: .seconds(5), bytes: .max).isEmpty)
    }
}
