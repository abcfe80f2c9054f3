import HypeCore
import HypeMedia
import Testing

@Suite("Sound of drifting devices")
struct SoundLineTests {
    /// How much later than at whole seconds the beeps begin, in seconds, by the second.
    private func beeps(ppm: Double, minutes: Int) throws -> [(second: Int, offset: Double)] {
        let line = SoundLine(CaptureSettings(microphone: "simulated"))
        var microphone = SimulatedMicrophone(start: 0.3, ppm: ppm)
        var found: [(Int, Double)] = []
        var last = Int64(-48_000)
        _ = line.blocks(at: MediaTime(seconds: 0.3))
        while microphone.nextEnd < Double(minutes) * 60 {
            let frame = try microphone.next()
            line.take(frame, from: .microphone)
            for block in line.blocks(at: frame.arrival) {
                block.voice.withUnsafeBufferPointer { samples in
                    var index = 0
                    while index < samples.count {
                        if samples[index] > 0.1 || samples[index] < -0.1 {
                            let position = block.start + Int64(index)
                            if position - last > 14_400 {
                                let time = SoundMixer.time(of: position).seconds
                                found.append((Int(time.rounded()), time - time.rounded()))
                            }
                            last = position
                        }
                        index += 1
                    }
                }
            }
        }
        #expect(line.counts[.microphone]?.dropped ?? 0 < 4800)
        #expect(abs((line.driftPPM[.microphone] ?? 0) - ppm) < 20)
        return found
    }

    @Test("half an hour of a microphone 300 millionths too fast stays within 5 ms")
    func holdsHalfAnHour() throws {
        let beeps = try beeps(ppm: 300, minutes: 30)
        #expect(beeps.count >= 1798)
        // Uncorrected, the last beep would come 540 ms early.
        let worst = beeps.filter { $0.second > 10 }.map { abs($0.offset) }.max() ?? 1
        #expect(worst < 0.005, "worst \(worst * 1000) ms")
        print("30 min, 300 ppm: worst \(worst * 1000) ms, last \((beeps.last?.offset ?? 1) * 1000) ms")
    }

    @Test("slow microphones too, from the first seconds on", arguments: [-300.0, -50, 50])
    func holdsMinutes(ppm: Double) throws {
        let beeps = try beeps(ppm: ppm, minutes: 3)
        #expect(beeps.count >= 178)
        #expect(beeps.allSatisfy { abs($0.offset) < 0.008 })
        #expect(beeps.filter { $0.second > 10 }.allSatisfy { abs($0.offset) < 0.005 })
    }

    @Test("a microphone that was away goes on at the right place")
    func goesOn() throws {
        let line = SoundLine(CaptureSettings(microphone: "simulated"))
        _ = line.blocks(at: .zero)
        var heard: [Double] = []
        for start in [0.5, 9.5] {
            var microphone = SimulatedMicrophone(start: start, ppm: 100)
            while microphone.nextEnd < start + 5 {
                let frame = try microphone.next()
                line.take(frame, from: .microphone)
                for block in line.blocks(at: frame.arrival) {
                    for (index, sample) in block.voice.enumerated() where abs(sample) > 0.1 {
                        let time = SoundMixer.time(of: block.start + Int64(index)).seconds
                        if time - (heard.last ?? -1) > 0.3 { heard.append(time) }
                        break
                    }
                }
            }
            line.lose(.microphone)
        }
        #expect(heard.map { Int($0.rounded()) } == [1, 2, 3, 4, 5, 10, 11, 12, 13, 14])
        #expect(heard.allSatisfy { abs($0 - $0.rounded()) < 0.008 })
    }

    @Test("a muted microphone is silent after four seconds, and no longer when it is not")
    func noticesSilence() throws {
        let line = SoundLine(CaptureSettings(microphone: "simulated", desktopSound: "simulated"))
        var silent: [Bool] = []
        for run in 1...1000 {
            let now = MediaTime(seconds: Double(run) / 100)
            let level: Float = run > 800 ? 0.01 : 0
            line.take(
                try .sound([Float](repeating: level, count: 480), rate: 48_000, channels: 1, arrival: now),
                from: .microphone
            )
            _ = line.blocks(at: now)
            silent.append(line.isSilent)
        }
        #expect(!silent[399])
        #expect(silent[460])
        #expect(silent[799])
        #expect(!silent[999])
    }
}
