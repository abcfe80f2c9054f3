import HypeCore
import HypeEmotion
import Testing

/// What is not seen is neither an alert nor an all-clear.
@Suite
struct AttentionGapTests {
    @Test(arguments: [Blindness.dark, .flat, .noPicture])
    func aCoveredCameraIsUnknown(reason: Blindness) throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver()
        driver.instead = { $0 >= 60 ? .unseen(reason) : nil }
        #expect(driver.run(&tracker, 0..<180).isEmpty)
        let summary = try #require(tracker.summary)
        #expect(summary.verdict == .unknown)
        #expect(summary.reason != nil)
        #expect(summary.openness == nil && summary.gazeAngle == nil && summary.perclos == nil)
        #expect(summary.knownShare == 0)
    }

    @Test
    func anAlertThatIsLostFromSightIsNotCleared() throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver()
        driver.openness = { $0 >= 30 ? 0 : 1 }
        driver.instead = { $0 >= 32 ? .unseen(.dark) : nil }
        let alerts = driver.run(&tracker, 0..<60)
        #expect(alerts.map(\.kind) == [.microsleep, .microsleep])
        #expect(alerts.map(\.phase) == [.begun, .unobserved])
        #expect(abs(alerts[1].since.seconds - 32) < 0.05)
        #expect(abs(alerts[1].time.seconds - 35) < 0.1)
        #expect(alerts[1].value == nil)
        #expect(alerts[1].explanation.contains("not seen"))
        #expect(tracker.summary?.verdict == .unknown)
    }

    @Test
    func aShortLossOfSightDoesNotEndAnAlert() throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver()
        driver.openness = { $0 >= 30 ? 0 : 1 }
        driver.instead = { (32..<34).contains($0) ? .unseen(.dark) : nil }
        #expect(driver.run(&tracker, 0..<40).filter { $0.kind == .microsleep }.map(\.phase) == [.begun])
    }

    @Test
    func picturesThatStopAreAGap() throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver()
        driver.openness = { $0 >= 29 ? 0 : 1 }
        var alerts = driver.run(&tracker, 0..<30)
        #expect(alerts.map(\.phase) == [.begun])
        alerts = tracker.advance(to: MediaTime(seconds: 40))
        #expect(alerts.map(\.phase) == [.unobserved])
        #expect(abs(try #require(alerts.first?.since.seconds) - 30.46) < 0.01)
        #expect(tracker.summary?.reason == "there is no picture")
        // Closed before and after a gap is not closed in between.
        let share = try #require(tracker.summary?.knownShare)
        _ = driver.run(&tracker, 40..<40.2)
        #expect(abs(try #require(tracker.summary?.knownShare) - share) < 0.01)
    }

    @Test
    func closedEyesBeforeAndAfterAGapAreNoMicrosleep() throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver()
        driver.openness = { (30..<30.3).contains($0) || (32..<32.3).contains($0) ? 0 : 1 }
        driver.instead = { (30.3..<32).contains($0) ? .unseen(.noPicture) : nil }
        #expect(driver.run(&tracker, 0..<40).isEmpty)
    }

    @Test
    func nothingIsSaidBeforeEnoughWasSeen() throws {
        var tracker = try AttentionTracker()
        #expect(tracker.summary == nil)
        let driver = SyntheticDriver()
        _ = driver.run(&tracker, 0..<2)
        let early = try #require(tracker.summary)
        #expect(early.verdict == .unknown && early.openness == nil && early.perclos == nil)
        _ = driver.run(&tracker, 2..<12)
        let later = try #require(tracker.summary)
        #expect(later.verdict == .clear && later.openness != nil && later.perclos == nil)
        _ = driver.run(&tracker, 12..<40)
        #expect(tracker.summary?.perclos == 0)
    }
}
