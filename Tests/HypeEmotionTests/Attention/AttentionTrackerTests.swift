import HypeCore
import HypeEmotion
import Testing

/// The tracker on made-up people.
@Suite
struct AttentionTrackerTests {
    static let rates = [5.0, 10, 15, 24, 30, 60]

    @Test(arguments: rates)
    func somebodyAwakeIsClear(rate: Double) throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver(rate: rate)
        driver.openness = SyntheticDriver.blinking(at: stride(from: 5, to: 120, by: 4).map { $0 })
        #expect(driver.run(&tracker, 0..<120).isEmpty)
        let summary = try #require(tracker.summary)
        #expect(summary.verdict == .clear)
        #expect(summary.reason == nil)
        #expect(try #require(summary.perclos) < 0.05)
        #expect(summary.knownShare > 0.95)
        if rate >= 15 {
            #expect(abs(try #require(summary.blinkRate) - 15) <= 1.5)
            #expect(try #require(summary.blinkSeconds) < 0.2)
        } else {
            #expect(summary.blinkRate == nil, "blinks cannot be counted at \(rate) pictures per second")
        }
    }

    /// Eyes closed for 1 s in every 5 s: 20 % of the time, at any frequency of pictures.
    @Test(arguments: rates)
    func perclosDoesNotDependOnTheFrequency(rate: Double) throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver(rate: rate)
        driver.openness = { $0 > 20 && $0.truncatingRemainder(dividingBy: 5) >= 4 ? 0 : 1 }
        let alerts = driver.run(&tracker, 0..<100)
        #expect(abs(try #require(tracker.summary?.perclos) - 0.2) < 0.01)
        let drowsy = alerts.filter { $0.kind == .drowsiness }
        #expect(drowsy.map(\.phase) == [.begun])
        let alert = try #require(drowsy.first)
        #expect(alert.measure == .perclos && alert.threshold == 0.15)
        #expect(try #require(alert.value) >= 0.15)
        // 15 % of 60 s are 9 closed seconds: nine closures, the ninth at 60 to 64 s.
        #expect(abs(alert.time.seconds - 65) < 1.5, "at \(alert.time.seconds) s")
        #expect(alerts.count { $0.kind == .microsleep && $0.phase == .begun } == 16)
    }

    @Test(arguments: rates)
    func closedEyesAreAMicrosleepAfterHalfASecond(rate: Double) throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver(rate: rate)
        driver.openness = { (30..<32).contains($0) || (40..<40.35).contains($0) ? 0 : 1 }
        let alerts = driver.run(&tracker, 0..<60).filter { $0.kind == .microsleep }
        #expect(alerts.map(\.phase) == [.begun, .cleared])
        let step = 1 / rate
        #expect(abs(alerts[0].since.seconds - 30) <= step + 1e-6)
        #expect(abs(alerts[0].time.seconds - 30.5) <= 2 * step + 1e-6)
        #expect(abs(alerts[1].since.seconds - 32) <= step + 1e-6)
        #expect(alerts[0].measure == .closure && alerts[0].value == 1 && alerts[0].threshold == 0.8)
        #expect(alerts[0].explanation.contains("closure 1.0"))
    }

    @Test(arguments: rates)
    func yawnsAreToldFromSpeech(rate: Double) throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver(rate: rate)
        driver.mouth = { now in
            if (20..<25).contains(now) { return 0.9 }
            // A vowel held for a second, then syllables.
            if (40..<41).contains(now) { return 0.6 }
            return now > 45 && (now * 4).truncatingRemainder(dividingBy: 2) < 1 ? 0.55 : 0.05
        }
        let alerts = driver.run(&tracker, 0..<60).filter { $0.kind == .yawn }
        #expect(alerts.map(\.phase) == [.begun, .cleared])
        #expect(abs(alerts[0].since.seconds - 20) <= 1 / rate + 1e-6)
        #expect(tracker.summary?.yawns == 1)
    }

    @Test(arguments: rates)
    func lookingAsideIsDistractionAfterTwoSeconds(rate: Double) throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver(rate: rate)
        // The person's straight ahead is 12° beside the camera.
        driver.look = { (30..<34).contains($0) ? 50 : (50..<51.5).contains($0) ? 50 : 12 }
        let alerts = driver.run(&tracker, 0..<70).filter { $0.kind == .distraction }
        #expect(alerts.map(\.phase) == [.begun, .cleared])
        #expect(abs(alerts[0].since.seconds - 30) <= 1 / rate + 1e-6)
        #expect(abs(try #require(alerts[0].value) - 38) < 1.5)
        #expect(try #require(tracker.summary?.gazeAngle) < 1.5)
    }

    @Test
    func headAloneCountsWhereTheEyesAreNotSeen() throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver()
        driver.look = { $0 < 30 ? 0 : 60 }
        driver.instead = { [driver] now in
            guard now >= 30, case .face(var face) = driver.reading(at: now).sight else { return nil }
            face.pose.yaw = 60
            (face.rightEye, face.leftEye, face.gaze) = (nil, nil, nil)
            return .face(face)
        }
        let alerts = driver.run(&tracker, 0..<40)
        #expect(alerts.map(\.kind) == [.distraction])
        #expect(abs(try #require(alerts.first?.value) - 60) < 1.5)
    }

    @Test
    func aFaceThatLeavesIsLostAndAFaceThatReturnsIsFound() throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver()
        driver.instead = { (30..<40).contains($0) ? .noFace : nil }
        let alerts = driver.run(&tracker, 0..<60)
        #expect(alerts.map(\.kind) == [.faceLost, .faceLost])
        #expect(alerts.map(\.phase) == [.begun, .cleared])
        #expect(abs(alerts[0].time.seconds - 33) < 0.1)
        #expect(tracker.summary?.verdict == .clear)
    }

    @Test
    func oneSleeperWhoseEyesWereNeverOpenIsNotTakenForAwake() throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver()
        driver.openness = { _ in 0.05 }
        let alerts = driver.run(&tracker, 0..<120)
        #expect(alerts.contains { $0.kind == .microsleep && $0.phase == .begun })
        #expect(alerts.contains { $0.kind == .drowsiness && $0.phase == .begun })
        #expect(tracker.summary?.verdict == .alert)
    }

    @Test(arguments: [0.2, 0.28, 0.42])
    func narrowAndWideEyesAreBothOpen(ratio: Double) throws {
        var tracker = try AttentionTracker()
        var driver = SyntheticDriver()
        driver.open = (right: ratio, left: ratio * 0.95)
        #expect(driver.run(&tracker, 0..<60).isEmpty)
        #expect(abs(try #require(tracker.summary?.openness) - 1) < 0.06)
    }

    @Test
    func readingsOutOfOrderAreIgnored() throws {
        var tracker = try AttentionTracker()
        let driver = SyntheticDriver()
        _ = driver.run(&tracker, 0..<20)
        let before = tracker.summary
        #expect(tracker.update(driver.reading(at: 5)).isEmpty)
        #expect(tracker.update(driver.reading(at: 19.96)).isEmpty)
        #expect(tracker.summary == before)
    }
}
