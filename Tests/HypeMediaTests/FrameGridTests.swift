import HypeCore
import HypeMedia
import Testing

struct FrameGridTests {
    @Test func choosesTheFirstFrameAtOrAfterEachPoint() {
        var grid = FrameGrid(step: .milliseconds(125))
        let times = (0..<31).map { MediaTime(seconds: Double($0) / 30) }
        let chosen = times.filter { grid.chooses($0) }.map { Int(($0.seconds * 30).rounded()) }
        #expect(chosen == [0, 4, 8, 12, 15, 19, 23, 27, 30])
    }
}
