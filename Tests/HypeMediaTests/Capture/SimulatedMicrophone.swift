import Foundation
import HypeCore
import HypeMedia

/// A microphone in made-up time that hears a beep of 50 ms at each whole second, with a quartz of its own.
struct SimulatedMicrophone {
    /// Seconds at which the first sample is taken.
    let start: Double
    /// How fast the quartz runs, in millionths.
    let ppm: Double
    private var sent = 0
    private var random = SplitMix64(seed: 9)

    init(start: Double, ppm: Double) {
        self.start = start
        self.ppm = ppm
    }

    private var rate: Double { 48_000 * (1 + ppm * 1e-6) }

    /// When the next run of 10 ms is complete, in seconds.
    var nextEnd: Double { start + Double(sent + 480) / rate }

    /// Takes the next run; it arrives up to 6 ms after it is complete, each hundredth 50 ms after.
    mutating func next() throws -> CapturedFrame {
        let end = nextEnd
        let begin = start + Double(sent) / rate
        var samples = [Float](repeating: 0, count: 480)
        if begin - begin.rounded(.down) < 0.06 || begin.rounded(.down) != end.rounded(.down) {
            for index in 0..<480 {
                let time = start + Double(sent + index) / rate
                let phase = time - time.rounded(.down)
                if phase < 0.05 { samples[index] = 0.8 * Float(sin(2 * Double.pi * 1000 * phase)) }
            }
        }
        sent += 480
        let lateness = random.index(below: 100) == 0 ? 0.05 : random.uniform() * 0.006
        return try CapturedFrame.sound(samples, rate: 48_000, channels: 1, arrival: MediaTime(seconds: end + lateness))
    }
}
