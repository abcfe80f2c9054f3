import HypeCore
import HypeMedia
import Testing

@Suite("Mixing sound")
struct SoundMixerTests {
    private let size = SoundMixer.blockSize

    private func time(_ position: Int64) -> MediaTime { SoundMixer.time(of: position) }

    /// A mixer whose first block begins at 0.
    private func mixer(_ roles: [CaptureRole]) -> SoundMixer {
        var mixer = SoundMixer(roles)
        _ = mixer.take(at: .zero)
        return mixer
    }

    @Test("a block comes as soon as everybody has reached its end")
    func comesAtOnce() throws {
        var mixer = mixer([.microphone, .desktopSound])
        mixer.add([Float](repeating: 0.25, count: size), of: .microphone, at: 0)
        let taken7 = mixer.take(at: time(1024))
        #expect(taken7?.start == nil)
        mixer.add([Float](repeating: 0.5, count: size * 2), of: .desktopSound, at: 0)
        let taken1 = mixer.take(at: time(1024))
        let block = try #require(taken1)
        #expect(block.start == 0)
        #expect(block.mix == [Float](repeating: 0.75, count: size * 2))
        #expect(block.voice == [Float](repeating: 0.25, count: size))
    }

    @Test("who does not come is silent")
    func fillsWithSilence() throws {
        var mixer = mixer([.microphone, .desktopSound])
        mixer.add([Float](repeating: 0.5, count: size * 2), of: .desktopSound, at: 0)
        let due = time(1024) + SoundMixer.patience
        let taken8 = mixer.take(at: due - .milliseconds(1))
        #expect(taken8?.start == nil)
        let taken2 = mixer.take(at: due)
        let block = try #require(taken2)
        #expect(block.mix == [Float](repeating: 0.5, count: size * 2))
        #expect(block.voice == [Float](repeating: 0, count: size))
        #expect(mixer.counts[.microphone]?.missing == 1024)
    }

    @Test("samples lie exactly where they belong, whatever runs they come in")
    func liesExactly() throws {
        var random = SplitMix64(seed: 5)
        var mixer = mixer([.microphone])
        var sent: Int64 = 0
        var heard: [Float] = []
        // A gap of 300 samples lies at 20,000.
        while sent < 60_000 {
            let count = 1 + random.index(below: 900)
            let start = sent >= 20_000 ? sent + 300 : sent
            mixer.add((0..<count).map { Float((sent + Int64($0)) % 1000) / 2000 }, of: .microphone, at: start)
            sent += Int64(count)
            while let block = mixer.take(at: time(sent)) {
                #expect(block.start == Int64(heard.count))
                heard += block.voice
            }
        }
        let gap = try #require(heard.indices.first { $0 >= 20_000 && heard[$0] == 0 && heard[$0 + 1] == 0 })
        for index in 0..<gap { #expect(heard[index] == Float(index % 1000) / 2000) }
        for index in (gap + 300)..<heard.count { #expect(heard[index] == Float((index - 300) % 1000) / 2000) }
        #expect(mixer.counts[.microphone]?.missing == 300)
        #expect(mixer.counts[.microphone]?.dropped == 0)
    }

    @Test("what comes too late or twice is left out")
    func leavesOut() throws {
        var mixer = mixer([.microphone])
        let taken3 = mixer.take(at: time(1024) + SoundMixer.patience)
        _ = try #require(taken3)
        mixer.add([Float](repeating: 0.5, count: 1500), of: .microphone, at: 0)
        mixer.add([Float](repeating: 0.7, count: 600), of: .microphone, at: 1400)
        mixer.add([Float](repeating: 0.7, count: 100), of: .microphone, at: 2000)
        let taken4 = mixer.take(at: time(2100))
        let block = try #require(taken4)
        #expect(block.voice[475] == 0.5)
        #expect(block.voice[476] == 0.7)
        #expect(mixer.counts[.microphone]?.dropped == Int64(1124))
    }

    @Test("loud sounds together bend but do not break")
    func limits() throws {
        var mixer = mixer([.microphone, .desktopSound])
        mixer.add([Float](repeating: 1, count: size), of: .microphone, at: 0)
        mixer.add([Float](repeating: 1, count: size * 2), of: .desktopSound, at: 0)
        let taken5 = mixer.take(at: time(1024))
        let block = try #require(taken5)
        #expect(block.mix.allSatisfy { $0 > 0.9 && $0 < 1 })
    }

    @Test("a machine that slept goes on without hours of silence")
    func goesOnAfterSleep() throws {
        var mixer = mixer([.microphone])
        let morning = time(48_000 * 3600)
        while let block = mixer.take(at: morning) { #expect(block.start < 48_000 * 3) }
        let taken6 = mixer.take(at: morning + .milliseconds(30))
        let block = try #require(taken6)
        #expect(block.start > 48_000 * 3599)
    }

    @Test("a device that runs ahead holds two seconds at most")
    func isBounded() {
        var mixer = mixer([.microphone])
        for run in 0..<1000 { mixer.add([Float](repeating: 0.1, count: 480), of: .microphone, at: Int64(run * 480)) }
        #expect(mixer.counts[.microphone]?.dropped == Int64(384_000))
    }
}
