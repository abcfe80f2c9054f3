import HypeApp
import HypeCore
import HypeServer
import Testing

@Suite
struct RecentSignalsTests {
    private func report(_ second: Int) -> SignalReport {
        let interval = MediaInterval(seconds: Double(second)..<Double(second + 1))
        return SignalReport(Observation(kind: .voice, interval: interval, missing: "quiet"), session: "s")
    }

    @Test
    func theLatestAreHeldInTheirOrder() {
        var recent = RecentSignals()
        #expect(recent.all.isEmpty)
        for second in 0..<(RecentSignals.limit + 5) { recent.add(report(second)) }
        #expect(recent.all.count == RecentSignals.limit)
        #expect(recent.all.first == report(5))
        #expect(recent.all.last == report(RecentSignals.limit + 4))
    }
}
