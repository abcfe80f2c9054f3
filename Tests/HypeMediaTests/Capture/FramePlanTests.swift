import HypeCore
import HypeMedia
import Testing

@Suite("Pictures on a grid of frames")
struct FramePlanTests {
    private func ms(_ value: Double) -> MediaTime { MediaTime(seconds: value / 1000) }

    /// Runs a plan at 30 frames per second in steps of 1 ms.
    private func run(
        _ plan: inout FramePlan<Int>,
        milliseconds: Int,
        arrivals: [CaptureRole: (Int) -> Double?]
    ) -> [FramePlan<Int>.Frame] {
        var next = arrivals.mapValues { _ in 0 }
        var frames: [FramePlan<Int>.Frame] = []
        for now in 0..<milliseconds {
            for (role, arrival) in arrivals {
                while let time = arrival(next[role, default: 0]), time <= Double(now) {
                    plan.add(next[role, default: 0], to: role, at: ms(time))
                    next[role, default: 0] += 1
                }
            }
            while let frame = plan.take(at: ms(Double(now))) { frames.append(frame) }
        }
        return frames
    }

    @Test("each frame comes once, in order, without a gap")
    func comesInOrder() {
        var plan = FramePlan<Int>(rate: 30, lanes: [.screen])
        let frames = run(&plan, milliseconds: 10_000, arrivals: [.screen: { Double($0) * 1000 / 30 + 7 }])
        #expect(frames.map(\.index) == Array(0..<Int64(frames.count)))
        #expect(frames.count >= 297)
        #expect(plan.counts.dropped + plan.counts.repeated <= 1)
        #expect(plan.counts.skipped == 0)
    }

    @Test("a picture is shown within 20 ms of its time, whatever lies between its clock and the frames'")
    func staysNear() {
        var random = SplitMix64(seed: 3)
        for ppm in [-300.0, 0, 300] {
            // Ten minutes of 30 pictures per second, late by up to 4 ms.
            let arrivals = (0..<18_000).map { Double($0) * 1000 / 30 * (1 - ppm * 1e-6) + random.uniform() * 4 }
            var plan = FramePlan<Int>(rate: 30, lanes: [.camera])
            let frames = run(
                &plan,
                milliseconds: 590_000,
                arrivals: [.camera: { $0 < arrivals.count ? arrivals[$0] : nil }]
            )
            for frame in frames {
                guard let picture = frame.pictures[.camera] else { continue }
                #expect(abs(plan.time(of: frame.index).seconds * 1000 - arrivals[picture]) <= 20.1)
            }
            // 300 millionths of 17,700 frames are five.
            #expect(plan.counts.dropped + plan.counts.repeated <= 12)
        }
    }

    @Test("pictures half way between two frames do not hop")
    func doesNotHop() {
        var random = SplitMix64(seed: 4)
        let arrivals = (0..<3000).map { (Double($0) + 0.5) * 1000 / 30 + random.uniform() * 4 - 2 }
        var plan = FramePlan<Int>(rate: 30, lanes: [.screen])
        _ = run(&plan, milliseconds: 99_000, arrivals: [.screen: { $0 < arrivals.count ? arrivals[$0] : nil }])
        #expect(plan.counts.dropped + plan.counts.repeated <= 2)
    }

    @Test("a device that stops is repeated, and the others go on")
    func repeats() {
        var plan = FramePlan<Int>(rate: 30, lanes: [.screen, .camera])
        let frames = run(
            &plan,
            milliseconds: 4000,
            arrivals: [
                .screen: { Double($0) * 1000 / 30 },
                .camera: { $0 < 30 ? Double($0) * 1000 / 30 : nil },
            ]
        )
        #expect(frames.map(\.index) == Array(0..<Int64(frames.count)))
        #expect(frames.count >= 116)
        #expect(
            frames.filter { $0.index > 40 }.allSatisfy { $0.pictures[.camera] == nil && $0.pictures[.screen] != nil }
        )
    }

    @Test("frames come although no picture ever does")
    func comesWithoutPictures() {
        var plan = FramePlan<Int>(rate: 30, lanes: [.screen])
        let frames = run(&plan, milliseconds: 1000, arrivals: [:])
        #expect(frames.count >= 26)
        #expect(frames.allSatisfy { $0.pictures.isEmpty })
    }

    @Test("of twice as many pictures the later ones are shown")
    func dropsSurplus() {
        var plan = FramePlan<Int>(rate: 30, lanes: [.screen])
        let frames = run(&plan, milliseconds: 3000, arrivals: [.screen: { Double($0) * 1000 / 60 }])
        let shown = frames.compactMap { $0.pictures[.screen] }
        #expect(shown == shown.sorted())
        #expect(plan.counts.dropped >= 80)
        #expect(frames.count >= 86)
    }

    @Test("whoever is behind gets the newest frames, and the others are counted")
    func skips() throws {
        var plan = FramePlan<Int>(rate: 30, lanes: [.screen])
        let taken3 = plan.take(at: ms(1000))
        #expect(taken3?.index == nil)
        let taken1 = plan.take(at: ms(1040))
        _ = try #require(taken1)
        // Two seconds of nothing.
        let taken2 = plan.take(at: ms(3040))
        let frame = try #require(taken2)
        #expect(plan.time(of: frame.index) > ms(2800))
        #expect(plan.counts.skipped > 50)
    }

    @Test("pictures that come too late are dropped")
    func dropsLate() {
        var plan = FramePlan<Int>(rate: 30, lanes: [.screen])
        _ = plan.take(at: ms(1000))
        while plan.take(at: ms(1100)) != nil {}
        plan.add(1, to: .screen, at: ms(500))
        #expect(plan.counts.dropped == 1)
    }

    @Test("no more than a few pictures wait")
    func isBounded() {
        var plan = FramePlan<Int>(rate: 30, lanes: [.screen])
        for picture in 0..<1000 { plan.add(picture, to: .screen, at: ms(Double(picture) * 1000 / 30)) }
        #expect(plan.counts.dropped == 1000 - FramePlan<Int>.capacity)
    }
}
