import HypeCore
import HypeDSP

/// Log-mel energies of generated sound, on one thread.
enum MelBenchmark {
    /// How many times faster than real time.
    struct Result: Encodable {
        var seconds: Double
        var runs: Int
        var timesRealTime: Double
    }

    private static let runs = 5

    static func run(seconds length: Double) throws -> Result {
        var state: UInt32 = 1
        let samples = (0..<Int(length * Double(AudioBlock.sampleRate))).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Float(Int32(bitPattern: state)) / Float(Int32.max)
        }
        let mel = try LogMel()
        let times = (0..<runs).map { _ in
            seconds { precondition(!mel.spectrogram(of: samples).values.isEmpty, "nothing was computed") }
        }
        return Result(seconds: length, runs: runs, timesRealTime: length / median(times))
    }
}
