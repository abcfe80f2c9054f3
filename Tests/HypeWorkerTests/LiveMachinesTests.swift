import HypeCore
import HypeWorker
import Testing

struct CameraScheduleTests {
    private func due(_ schedule: inout CameraSchedule, _ range: Range<Double>, found: Bool, missed: Int = 0) -> Bool {
        let held = MediaInterval(seconds: range)
        let isDue = schedule.isDue(held: held, isFound: found, missed: missed)
        if isDue { schedule.searched(held: held, isFound: found) }
        return isDue
    }

    @Test func searchesOnTheFirstSecondsAndThenWithGrowingPauses() {
        var schedule = CameraSchedule()
        #expect(!due(&schedule, 0..<4, found: false))
        #expect(due(&schedule, 0..<7, found: false))
        var searches: [Double] = []
        for second in stride(from: 8.0, to: 2000, by: 1)
        where due(&schedule, max(0, second - 60)..<second, found: false) {
            searches.append(second)
        }
        let pauses = zip(searches.dropFirst(), searches).map { $0 - $1 }
        #expect(searches.first == 27)
        #expect(pauses.max() ?? 0 >= 300)
        #expect(searches.count < 14)
    }

    @Test func searchesOnceMoreWithAllOfTheRingAndThenOnlyWhenTheFaceIsLost() {
        var schedule = CameraSchedule()
        var searches: [Double] = []
        for second in stride(from: 1.0, to: 600, by: 1) where due(&schedule, max(0, second - 60)..<second, found: true)
        {
            searches.append(second)
        }
        #expect(searches == [6, 40])
        #expect(!due(&schedule, 540..<600, found: true, missed: 2))
        #expect(due(&schedule, 540..<600, found: true, missed: 3))
        #expect(!due(&schedule, 540..<610, found: true, missed: 9))
    }
}

struct PictureWatchTests {
    private func picture(_ value: (Int) -> UInt8) -> PixelBuffer {
        PixelBuffer(width: 64, height: 64, bytes: (0..<64 * 64 * 3).map { value($0 / 3) })
    }

    private func update(_ watch: inout PictureWatch, _ picture: PixelBuffer) -> PictureWatch.Change? {
        watch.update(picture, at: .zero)
    }

    @Test func namesACoveredLensAndItsReturn() throws {
        var watch = PictureWatch()
        var random = SplitMix64(seed: 1)
        let lit = picture { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(update(&watch, lit) == nil)
        let change = try #require(update(&watch, picture { _ in 5 }))
        #expect(change.reason?.contains("dark") == true)
        #expect(update(&watch, picture { _ in 6 }) == nil)
        #expect(update(&watch, lit) == PictureWatch.Change(reason: nil))
        #expect(try #require(update(&watch, picture { _ in 200 })).reason?.contains("flat") == true)
    }

    @Test func namesAFrozenPictureButNotAStillOneWithNoise() throws {
        var random = SplitMix64(seed: 2)
        var watch = PictureWatch()
        let frozen = picture { UInt8($0 % 251) }
        #expect(update(&watch, frozen) == nil)
        #expect(update(&watch, frozen) == nil)
        #expect(try #require(update(&watch, frozen)).reason?.contains("stands still") == true)
        var other = PictureWatch()
        for _ in 0..<10 {
            #expect(update(&other, picture { UInt8($0 % 251) &+ UInt8.random(in: 0...1, using: &random) }) == nil)
        }
    }
}

struct LevelMeterTests {
    @Test func measuresTheLastQuarterOfASecond() throws {
        var meter = LevelMeter(span: .milliseconds(250))
        #expect(meter.decibels == nil)
        meter.push([Float](repeating: 1, count: 16_000))
        #expect(meter.decibels == 0)
        meter.push([Float](repeating: 0.1, count: 2000))
        #expect(abs(try #require(meter.decibels) + 2.97) < 0.05)
        meter.push([Float](repeating: 0.1, count: 2000))
        #expect(abs(try #require(meter.decibels) + 20) < 0.001)
        meter.push([Float](repeating: 0, count: 4000))
        #expect(meter.decibels == -120)
    }
}
