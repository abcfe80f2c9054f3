import HypeCore
import HypeMedia
import Testing

@Suite("How devices fare")
struct DeviceLifeTests {
    private let failure = CaptureFailure(.busy, "The camera is used by another program. Close that one.")

    private func time(_ seconds: Double) -> MediaTime { MediaTime(seconds: seconds) }

    @Test("pauses between attempts grow to ten seconds and are spread")
    func growsPauses() {
        var life = DeviceLife(now: .zero, seed: 1)
        var now = MediaTime.zero
        var pauses: [Double] = []
        for _ in 0..<12 {
            let retry = life.failed(failure, at: now)
            pauses.append((retry - now).inSeconds)
            now = retry
            life.reopens(at: now)
        }
        #expect((0.4...0.6).contains(pauses[0]))
        #expect((0.8...1.2).contains(pauses[1]))
        #expect(pauses.allSatisfy { $0 <= 12 })
        #expect(pauses.suffix(6).allSatisfy { $0 >= 8 })
        #expect(Set(pauses.suffix(6)).count > 1)
        #expect(life.retries == 12)
    }

    @Test("a device that worked for a while is tried soon again; one that flickers is not")
    func resetsPauses() {
        var life = DeviceLife(now: .zero, seed: 2)
        for second in 0..<8 { _ = life.failed(failure, at: time(Double(second))) }
        life.brought(at: time(20))
        #expect((life.failed(failure, at: time(21)) - time(21)).inSeconds > 5)
        life.brought(at: time(40))
        #expect((life.failed(failure, at: time(100)) - time(100)).inSeconds < 1)
    }

    @Test("a device that brings nothing for two seconds is called so")
    func noticesStall() {
        var life = DeviceLife(now: .zero, seed: 3)
        #expect(!life.isStalled(at: time(1)))
        #expect(life.isStalled(at: time(2.1)))
        life.brought(at: time(3))
        #expect(!life.isStalled(at: time(4)))
        #expect(life.isStalled(at: time(5.5)))
    }

    @Test("health names the device, what is wrong, and what to do")
    func namesRemedy() {
        var life = DeviceLife(now: .zero, seed: 4)
        func health(_ role: CaptureRole, empty: Bool, at seconds: Double) -> CaptureHealth {
            CaptureHealth(role: role, device: "name", life: life, isEmpty: empty, now: time(seconds))
        }
        #expect(health(.camera, empty: false, at: 1).state == .opening)
        #expect(health(.camera, empty: false, at: 3).state == .stalled)
        life.brought(at: time(3))
        #expect(health(.camera, empty: false, at: 3) == health(.camera, empty: false, at: 3.5))
        #expect(health(.camera, empty: false, at: 3).isWell)
        #expect(health(.camera, empty: true, at: 3).state == .covered)
        #expect(health(.microphone, empty: true, at: 3).state == .silent)
        #expect(health(.camera, empty: true, at: 3).reason?.contains("Open its cover") == true)
        #expect(health(.microphone, empty: true, at: 3).reason?.contains("Unmute") == true)
        _ = life.failed(failure, at: time(4))
        #expect(health(.camera, empty: false, at: 4).state == .failed)
        #expect(health(.camera, empty: false, at: 4).reason == failure.message)
        #expect(!health(.camera, empty: false, at: 4).isWell)
    }
}

@Suite("Covered cameras and silent microphones")
struct EmptinessTests {
    @Test("a dark and even picture for two seconds is a covered camera")
    func noticesCover() {
        var watch = CoverWatch()
        for half in 0..<4 { watch.observe(mean: 18, deviation: 1, at: MediaTime(seconds: Double(half) / 2)) }
        #expect(!watch.isCovered)
        watch.observe(mean: 18, deviation: 1, at: MediaTime(seconds: 2))
        #expect(watch.isCovered)
        watch.observe(mean: 90, deviation: 40, at: MediaTime(seconds: 2.5))
        #expect(!watch.isCovered)
    }

    @Test("a dark room with a face in it is no cover", arguments: [(24.0, 15.0), (60, 2)])
    func seesDarkRooms(mean: Double, deviation: Double) {
        var watch = CoverWatch()
        for second in 0..<10 { watch.observe(mean: mean, deviation: deviation, at: MediaTime(seconds: Double(second))) }
        #expect(!watch.isCovered)
    }

    @Test("four seconds of nothing are a silent microphone; a quiet room is none")
    func noticesSilence() {
        var watch = SilenceWatch()
        for second in 0...4 { watch.observe(peak: 0.0001, at: MediaTime(seconds: Double(second))) }
        #expect(watch.isSilent)
        watch.observe(peak: 0.002, at: MediaTime(seconds: 5))
        #expect(!watch.isSilent)
        for second in 6...60 {
            watch.observe(peak: second % 3 == 0 ? 0.0006 : 0.0001, at: MediaTime(seconds: Double(second)))
        }
        #expect(!watch.isSilent)
    }
}
