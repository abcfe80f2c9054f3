import HypeCore
import Testing

@Suite
struct FairQueueTests {
    @Test
    func clientsTakeTurnsAndEachKeepsItsOrder() {
        var queue = FairQueue<Int>(capacity: 10)
        for element in [1, 2, 3] { #expect(queue.add(element, of: "a") == .queued) }
        for element in [11, 12] { #expect(queue.add(element, of: "b") == .queued) }
        #expect(queue.add(21, of: "c") == .queued)
        var taken: [Int] = []
        while let element = queue.next() { taken.append(element) }
        #expect(taken == [1, 11, 21, 2, 12, 3])
        #expect(queue.isEmpty)
    }

    @Test
    func whereItIsFullTheGreediestMakesRoom() {
        var queue = FairQueue<Int>(capacity: 3)
        for element in [1, 2, 3] { _ = queue.add(element, of: "a") }
        #expect(queue.add(4, of: "a") == .refused)
        #expect(queue.add(11, of: "b") == .displaced(3))
        #expect(queue.add(12, of: "b") == .refused, "both have what is fair")
        #expect(queue.count == 3)
        #expect(queue.elements.sorted() == [1, 2, 11])
    }

    @Test
    func whatIsTakenOutLeavesNoTrace() {
        var queue = FairQueue<Int>(capacity: 3)
        _ = queue.add(1, of: "a")
        _ = queue.add(2, of: "b")
        let was = queue.remove(1)
        let again = queue.remove(1)
        #expect(was && !again)
        #expect(queue.next() == 2)
        #expect(queue.next() == nil)
    }

    @Test
    func howManyAreAheadIsWhatHappens() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<200 {
            var queue = FairQueue<Int>(capacity: 100)
            for element in 0..<Int.random(in: 0..<20, using: &random) {
                _ = queue.add(element, of: "\(Int.random(in: 0..<4, using: &random))")
            }
            let client = "\(Int.random(in: 0..<5, using: &random))"
            let promised = queue.ahead(of: client)
            _ = queue.add(-1, of: client)
            var before = 0
            while let element = queue.next(), element != -1 { before += 1 }
            #expect(before <= promised)
        }
    }
}
