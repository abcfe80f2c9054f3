import HypeCore
import HypeEmotion
import Testing

@Suite
struct BlinkDetectorTests {
    /// Finds the blinks of a course.
    private static func blinks(rate: Double, seconds: Double, _ openness: (Double) -> Double?) -> [Blink] {
        var detector = BlinkDetector()
        return (0..<Int(seconds * rate)).compactMap { number in
            let time = Double(number) / rate
            return detector.update(openness(time).map(Float.init), at: MediaTime(seconds: time))
        }
    }

    @Test(arguments: [15.0, 24, 25, 30, 60])
    func blinksAreCountedAtAnyFrequency(rate: Double) {
        let times = [1.0, 2.03, 3.51, 5.27, 5.9, 8.01]
        let found = Self.blinks(rate: rate, seconds: 10, SyntheticDriver.blinking(at: times))
        #expect(found.count == times.count)
        for (blink, time) in zip(found, times) {
            #expect(abs(blink.onset.seconds - time) < 0.1)
            #expect(blink.seconds < 0.25)
        }
    }

    @Test
    func theLengthIsThatOfTheFallAndTheRise() throws {
        // Straight down and up in 0.4 s; at 0.3 above the lowest place the lids are 0.12 s apart.
        let found = Self.blinks(rate: 100, seconds: 3) { time in
            (1.0..<1.4).contains(time) ? abs(time - 1.2) / 0.2 : 1
        }
        let blink = try #require(found.first)
        #expect(found.count == 1)
        #expect(abs(blink.seconds - 0.12) < 0.005)
        #expect(abs(blink.onset.seconds - 1.14) < 0.005)
        #expect(blink.depth < 0.01)
    }

    @Test
    func aSquintAfterwardsDoesNotHideABlink() {
        let found = Self.blinks(rate: 25, seconds: 5) { time in
            (2.0..<2.12).contains(time) ? 0 : (2.12..<3).contains(time) ? 0.45 : 1
        }
        #expect(found.count == 1)
    }

    @Test
    func longClosuresSquintsAndSmallDipsAreNoBlinks() {
        #expect(Self.blinks(rate: 25, seconds: 5) { (2.0..<2.8).contains($0) ? 0 : 1 }.isEmpty)
        #expect(Self.blinks(rate: 25, seconds: 5) { $0 < 2 ? 1 : 0.5 }.isEmpty)
        #expect(Self.blinks(rate: 25, seconds: 5) { (2.0..<2.2).contains($0) ? 0.8 : 1 }.isEmpty)
    }

    @Test
    func nothingIsConcludedAcrossAGap() {
        #expect(Self.blinks(rate: 25, seconds: 5) { (2.0..<2.2).contains($0) ? nil : 1 }.isEmpty)
        #expect(Self.blinks(rate: 25, seconds: 5) { $0 < 2 ? 1 : $0 < 2.1 ? 0 : $0 < 2.2 ? nil : 1 }.isEmpty)
    }
}
