import HypeCore
import HypeEmotion
import Testing

@Suite
struct VideoClipPlanTests {
    private func times(_ count: Int, perSecond rate: Int, from start: Double = 0) -> [MediaTime] {
        (0..<count).map { MediaTime(seconds: start + Double($0) / Double(rate)) }
    }

    @Test
    func pointsAreThoseOfTheReference() throws {
        for wanted in try VideoParity.load().samples {
            let settings = VideoClipPlan.Settings(
                length: .nanoseconds(Int64(wanted.grid) * 62_500_000),
                sampleCount: wanted.frames
            )
            #expect(settings.gridCount == wanted.grid)
            for (index, points) in wanted.points.enumerated() {
                #expect(VideoClipPlan.samples(of: index + 1, settings: settings) == points)
            }
        }
    }

    @Test(arguments: [5, 8, 15, 16, 24, 25, 30, 50, 60, 120])
    func atEachPointCountsThePictureOnTheScreen(rate: Int) {
        let all = times(rate * 4, perSecond: rate, from: 10.3)
        let clips = VideoClipPlan.clips(of: all, end: MediaTime(seconds: 14.3))
        #expect(clips.count == 2)
        for (number, clip) in clips.enumerated() {
            let start = MediaTime(seconds: 10.3 + 2 * Double(number))
            #expect(clip.interval == MediaInterval(start: start, end: start + .seconds(2)))
            #expect(!clip.isShort)
            let points = VideoClipPlan.samples(of: 32, settings: VideoClipPlan.Settings())
            for (frame, point) in zip(clip.frames, points) {
                let time = start + .nanoseconds(Int64(point) * 62_500_000)
                #expect(all[frame] <= time)
                #expect(frame + 1 == all.count || all[frame + 1] > time)
            }
        }
    }

    @Test
    func aVariableRateGivesTheSamePicturesAsItsPlayback() {
        var random = SplitMix64(seed: 6)
        for _ in 0..<50 {
            var all: [MediaTime] = []
            var time = 0.0
            while time < 6.5 {
                all.append(MediaTime(seconds: time))
                time += 0.002 + 0.4 * random.uniform() * random.uniform()
            }
            let clips = VideoClipPlan.clips(of: all, end: MediaTime(seconds: 6.5))
            #expect(clips.count == 4)
            #expect(clips.map(\.isShort) == [false, false, false, true])
            for (number, clip) in clips.enumerated() {
                let points = VideoClipPlan.samples(of: clip.isShort ? 8 : 32, settings: VideoClipPlan.Settings())
                let expected = points.map { point in
                    let instant = MediaTime(seconds: 2 * Double(number) + Double(point) / 16)
                    return (all.firstIndex { $0 > instant } ?? all.count) - 1
                }
                #expect(clip.frames == expected)
            }
        }
    }

    @Test(arguments: [(0.3, 0), (0.43, 0), (0.5, 1), (1.9, 1)])
    func aShortRestIsGivenOrDropped(rest: Double, given: Int) throws {
        let clips = VideoClipPlan.clips(
            of: times(Int((2 + rest) * 100), perSecond: 100),
            end: MediaTime(seconds: 2 + rest)
        )
        #expect(clips.count == 1 + given)
        if given == 1 {
            #expect(clips[1].isShort)
            #expect(clips[1].interval == MediaInterval(seconds: 2..<2 + rest))
            #expect(clips[1].frames.count == 16)
        }
    }

    @Test
    func aSinglePictureIsAClipOfItsOwn() {
        let clips = VideoClipPlan.clips(of: [MediaTime(seconds: 7)])
        #expect(clips.count == 1)
        #expect(clips[0].frames == [Int](repeating: 0, count: 16))
        #expect(clips[0].isShort)
        #expect(VideoClipPlan.clips(of: []).isEmpty)
    }

    @Test
    func aGapEndsTheClipAndBeginsTheNext() {
        let all = times(15, perSecond: 25) + times(50, perSecond: 25, from: 100)
        let clips = VideoClipPlan.clips(of: all, end: MediaTime(seconds: 102))
        #expect(clips.map(\.isShort) == [true, false])
        // The last picture at 0.56 s is held for a second.
        #expect(clips[0].interval == MediaInterval(seconds: 0..<1.56))
        #expect(clips[1].interval == MediaInterval(seconds: 100..<102))
        #expect(clips[1].frames.first == 15)
        #expect(clips[1].frames.last == 15 + 48)
    }

    @Test
    func timesThatDoNotAdvanceGetNoNumber() {
        var plan = VideoClipPlan()
        #expect(plan.add(MediaTime(seconds: 1)).number == 0)
        #expect(plan.add(MediaTime(seconds: 1)).number == nil)
        #expect(plan.add(MediaTime(seconds: 0.5)).number == nil)
        #expect(plan.add(MediaTime(seconds: 1.1)).number == 1)
    }

    @Test
    func picturesThatNoPointFallsOnNeedNotBeKept() {
        var plan = VideoClipPlan()
        let kept = times(60, perSecond: 60).filter { plan.add($0).keepsPrevious }.count
        #expect(kept == 16)
    }

    @Test
    func whatIsNotNeededAnyMoreIsInNoLaterClip() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<40 {
            var plan = VideoClipPlan()
            var time = 0.0
            var floor = 0
            for _ in 0..<300 {
                time += random.happens(0.02) ? 3 : 0.1 * random.uniform()
                for clip in plan.add(MediaTime(seconds: time)).clips {
                    #expect(clip.frames.allSatisfy { $0 >= floor })
                    #expect(clip.frames == clip.frames.sorted())
                }
                #expect(plan.firstNeeded >= floor)
                floor = plan.firstNeeded
            }
        }
    }

    @Test
    func settingsOutOfRangeAreRaised() {
        let settings = VideoClipPlan.Settings(
            length: .seconds(-3),
            frameRate: 0,
            sampleCount: 0,
            minimumLength: .seconds(9),
            maximumHold: .zero
        )
        #expect(settings.gridCount == 1)
        #expect(settings.frameRate == 1)
        #expect(settings.sampleCount == 1)
        #expect(settings.minimumGridCount == 1)
        #expect(settings.maximumHold > .zero)
        #expect(VideoClipPlan.clips(of: times(3, perSecond: 1), settings: settings).count == 3)
    }
}
