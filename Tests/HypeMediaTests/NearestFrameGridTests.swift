import HypeCore
import HypeMedia
import Testing

struct NearestFrameGridTests {
    private func seconds(_ value: Double) -> MediaTime { MediaTime(seconds: value) }

    /// Which points each of the frames serves, with the grid of a sixteenth of a second.
    private func served(_ times: [Double], origin: Double = 0, end: Double) -> [[Int64]] {
        var grid = NearestFrameGrid(origin: seconds(origin), step: .nanoseconds(62_500_000))
        var served: [[Int64]] = []
        var held = 0
        for time in times {
            guard let points = grid.push(seconds(time)) else { continue }
            if held > 0 { served.append(Array(points)) }
            held += 1
        }
        return served + [Array(grid.finish(at: seconds(end)))]
    }

    @Test(arguments: [10.0, 16.0, 24.0, 25.0, 29.97, 30.0, 60.0, 144.0])
    func everyPointIsServedOnceByTheNearestFrame(rate: Double) {
        let times = (0..<Int(rate * 3)).map { Double($0) / rate }
        let served = served(times, end: 3)
        #expect(served.joined().map { $0 } == Array(0..<48))
        for (index, points) in served.enumerated() {
            for point in points {
                let place = Double(point) / 16
                let distance = abs(times[index] - place)
                let nearest = times.map { abs($0 - place) }.min() ?? 0
                #expect(distance <= nearest + 1e-6)
            }
        }
    }

    @Test
    func framesThatStayOnScreenServeManyPoints() {
        // A slide that stands for two seconds, then pictures at 25 a second.
        let served = served([0, 2, 2.04, 2.08], end: 2.12)
        #expect(served[0] == Array(0...16))
        #expect(served[1].first == 17)
        #expect(served.joined().count == 34)
    }

    @Test
    func aSingleFrameServesUntilItsEnd() {
        #expect(served([0], end: 1) == [Array(0..<16)])
        #expect(served([0], end: 0) == [[0]])
    }

    @Test
    func pictureThatBeginsLaterLeavesTheFirstPointsOut() {
        let served = served([0.5, 0.54, 0.58], end: 0.62)
        #expect(served.joined().first == 8)
        let early = self.served([0.51, 0.55], end: 0.6)
        #expect(early.joined().first == 8)
    }

    @Test
    func clockThatBeginsElsewhereMovesTheGrid() {
        let plain = served([0, 0.04, 0.08, 0.12], end: 0.16)
        let moved = served([100.02, 100.06, 100.1, 100.14], origin: 100.02, end: 100.18)
        #expect(plain == moved)
    }

    @Test
    func framesOutOfOrderArePassedOver() {
        var grid = NearestFrameGrid(origin: .zero, step: .milliseconds(100))
        #expect(grid.push(seconds(0)) != nil)
        #expect(grid.push(seconds(0)) == nil)
        #expect(grid.push(seconds(-1)) == nil)
        #expect(grid.push(seconds(0.2)).map { Array($0) } == [0, 1])
        #expect(Array(grid.finish(at: seconds(0.3))) == [2])
    }

    @Test
    func gridWithoutFramesServesNothing() {
        var grid = NearestFrameGrid(origin: .zero, step: .zero)
        #expect(grid.finish(at: seconds(1)).isEmpty)
    }
}
