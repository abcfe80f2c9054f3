import HypeCore
import HypeEmotion
import Testing

/// Properties that hold for any course of measures.
@Suite
struct AttentionPropertyTests {
    /// The more the eyes are closed, the higher PERCLOS, and no less drowsiness.
    @Test
    func perclosGrowsWithClosedTime() throws {
        var last = -1.0
        var wasDrowsy = false
        for closed in stride(from: 0.0, through: 3, by: 0.25) {
            var tracker = try AttentionTracker()
            var driver = SyntheticDriver()
            driver.openness = { $0 > 10 && $0.truncatingRemainder(dividingBy: 5) < closed ? 0 : 1 }
            let alerts = driver.run(&tracker, 0..<90)
            let share = try #require(tracker.summary?.perclos)
            #expect(share >= last)
            #expect(abs(share - closed / 5) < 0.02)
            last = share
            let isDrowsy = alerts.contains { $0.kind == .drowsiness && $0.phase == .begun }
            #expect(isDrowsy || !wasDrowsy)
            wasDrowsy = isDrowsy
        }
        #expect(wasDrowsy)
    }

    /// A stricter limit never gives a later or a missing alert.
    @Test
    func alertsComeNoLaterWithALowerLimit() throws {
        var last = MediaTime(seconds: 0)
        for limit in [15.0, 20, 25, 30, 35, 45] {
            var settings = AttentionSettings()
            settings.gazeLimit = limit
            settings.gazeEnd = 10
            var tracker = try AttentionTracker(settings: settings)
            var driver = SyntheticDriver()
            driver.look = { $0 < 20 ? 0 : min(60, ($0 - 20) * 10) }
            let alert = try #require(driver.run(&tracker, 0..<40).first { $0.kind == .distraction })
            #expect(alert.time >= last)
            last = alert.time
        }
    }

    /// Noise around a limit, too small to reach the other one, gives at most one beginning and no end.
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func noiseAtALimitDoesNotFlap(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let noise = (0..<4000).map { _ in random.uniform() * 2 - 1 }
        let shake = { (time: Double, scale: Double) in noise[Int(time * 25) % noise.count] * scale }
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver()
        driver.openness = { $0 < 30 ? 1 : 0.2 + shake($0, 0.1) }
        driver.mouth = { $0 < 30 ? 0.05 : 0.5 + shake($0, 0.08) }
        driver.look = { $0 < 30 ? 0 : 25 + shake($0, 4) }
        let alerts = driver.run(&tracker, 0..<80)
        for kind in AttentionAlertKind.allCases {
            #expect(alerts.count { $0.kind == kind && $0.phase == .begun } <= 1)
        }
        #expect(!alerts.contains { $0.phase != .begun && $0.kind != .distraction })
    }

    /// Whatever comes in, beginnings and ends of a kind take turns, and times do not go back.
    @Test(arguments: [UInt64(11), 12, 13, 14, 15, 16])
    func anyCourseGivesAWellFormedLog(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var tracker = try AttentionTracker()
        var active: Set<AttentionAlertKind> = []
        var time = 0.0
        var mood = (open: 1.0, mouth: 0.0, look: 0.0, sight: 0)
        var last = MediaTime(seconds: -1)
        for _ in 0..<20_000 {
            if random.uniform() < 0.01 {
                mood = (random.uniform(), random.uniform(), random.uniform() * 90 - 45, random.index(below: 6))
            }
            time += random.uniform() < 0.002 ? random.uniform() * 20 : 0.005 + random.uniform() * 0.2
            var driver = SyntheticDriver()
            let (open, mouth, look, sight) = mood
            driver.openness = { _ in open }
            driver.mouth = { _ in mouth }
            driver.look = { _ in look }
            driver.instead = { _ in sight == 0 ? .noFace : sight == 1 ? .unseen(.dark) : nil }
            for alert in tracker.update(driver.reading(at: time)) {
                #expect(alert.time >= last && alert.since <= alert.time)
                last = alert.time
                if alert.phase == .begun {
                    #expect(active.insert(alert.kind).inserted)
                    #expect(try #require(alert.value) >= alert.threshold)
                } else {
                    #expect(active.remove(alert.kind) != nil)
                    #expect((alert.value == nil) == (alert.phase == .unobserved))
                }
            }
            let summary = try #require(tracker.summary)
            #expect(Set(summary.active) == active)
            #expect((0...1).contains(summary.knownShare))
            #expect(summary.perclos.map { (0...1).contains($0) } ?? true)
            #expect((summary.reason == nil) == (summary.verdict != .unknown))
        }
    }
}
