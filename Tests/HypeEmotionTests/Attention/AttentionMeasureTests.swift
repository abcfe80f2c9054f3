import HypeCore
import HypeEmotion
import Testing

/// Windows, conditions and settings by themselves.
@Suite
struct AttentionMeasureTests {
    @Test
    func aWindowForgetsWhatFallsOut() {
        var window = ShareWindow(length: .seconds(10))
        window.add(MediaInterval(seconds: 0..<4), isSo: true)
        window.add(MediaInterval(seconds: 4..<8), isSo: false)
        #expect(abs(window.share.share - 0.5) < 1e-9)
        #expect(abs(window.share.known - 0.8) < 1e-9)
        window.advance(to: MediaTime(seconds: 12))
        #expect(abs(window.share.known - 0.6) < 0.011)
        #expect(abs(window.share.share - 1.9 / 5.9) < 0.011)
        window.advance(to: MediaTime(seconds: 100))
        #expect(window.share.known == 0 && window.share.share == 0 && window.knownTime == .zero)
        window.advance(to: MediaTime(seconds: 50))
        #expect(window.share.known == 0)
    }

    /// The same time in pieces of any length, also before media time zero, gives the same share to the nanosecond.
    @Test(arguments: [UInt64(1), 2, 3])
    func piecesOfTimeAddUp(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var (whole, pieces) = (ShareWindow(length: .seconds(30)), ShareWindow(length: .seconds(30)))
        var time = MediaTime(seconds: -5)
        for round in 0..<40 {
            let end = time + .milliseconds(1 + random.index(below: 3000))
            whole.add(MediaInterval(start: time, end: end), isSo: round % 3 == 0)
            while time < end {
                let next = min(end, time + .microseconds(1 + random.index(below: 200_000)))
                pieces.add(MediaInterval(start: time, end: next), isSo: round % 3 == 0)
                time = next
            }
            #expect(whole.share == pieces.share)
        }
    }

    @Test
    func aConditionNeedsItsTimeToBeginAndToEnd() {
        var condition = HeldCondition(Self.limits)
        let at = { MediaTime(seconds: $0) }
        #expect(condition.update(6, at: at(0)) == nil)
        #expect(condition.update(4, at: at(0.5)) == nil)
        #expect(condition.update(6, at: at(1)) == nil)
        #expect(condition.update(5, at: at(2)) == .begun(since: at(1)))
        #expect(condition.update(3.5, at: at(3)) == nil)
        #expect(condition.update(2, at: at(4)) == nil)
        #expect(condition.update(3.2, at: at(4.2)) == nil)
        #expect(condition.update(2, at: at(5)) == nil)
        #expect(condition.isActive)
        #expect(condition.update(1, at: at(5.5)) == .cleared(since: at(5)))
        #expect(!condition.isActive)
    }

    @Test
    func notKnowingIsNeitherAboveNorBelow() {
        var condition = HeldCondition(Self.limits)
        let at = { MediaTime(seconds: $0) }
        #expect(condition.update(6, at: at(0)) == nil)
        #expect(condition.update(nil, at: at(0.5)) == nil)
        #expect(condition.update(6, at: at(1)) == nil, "a gap starts the waiting anew")
        #expect(condition.update(6, at: at(2)) == .begun(since: at(1)))
        #expect(condition.update(1, at: at(3)) == nil)
        #expect(condition.update(.nan, at: at(3.6)) == nil, "what was falling has not been seen to end")
        #expect(condition.update(nil, at: at(5)) == nil)
        #expect(condition.update(nil, at: at(5.6)) == .lost(since: at(3.6)))
        #expect(condition.update(nil, at: at(9)) == nil)
    }

    private static let limits = HeldCondition.Limits(
        begin: 5,
        end: 3,
        hold: .seconds(1),
        release: .milliseconds(500),
        tolerance: .seconds(2)
    )

    @Test
    func defaultsAreInRangeAndEverySettingIsChecked() throws {
        try AttentionSettings().validate()
        var settings = AttentionSettings()
        settings.window = .seconds(5)
        settings.drowsy = .nan
        settings.gazeLimit = 15
        let error = try #require(throws: EmotionError.self) { try AttentionTracker(settings: settings) }
        #expect(error.code == .invalidSettings)
        for name in ["window is 5.0, not in 10.0…300.0 s", "drowsy is nan", "gazeEnd is above gazeLimit"] {
            #expect(error.message.contains(name))
        }
        let names = Mirror(reflecting: AttentionSettings()).children.compactMap(\.label)
        #expect(AttentionSettings.fields.map(\.name) == names)
    }
}
