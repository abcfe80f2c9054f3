import Foundation
import HypeCore
import HypeDSP

/// Mel spectrogram in dB, and MFCC with slopes, of samples from a file, on one thread.
enum FeatureBenchmark {
    /// Times of each run, in the order of the runs.
    struct Result: Encodable {
        var frames = 0
        var melSeconds: [Double] = []
        var melProcessorSeconds: [Double] = []
        var mfccSeconds: [Double] = []
        var mfccProcessorSeconds: [Double] = []
    }

    private static let runs = 3

    /// Computes the features of 32-bit floats at 16 kHz.
    static func run(path: String) throws -> Result {
        let samples = try Data(contentsOf: URL(filePath: path)).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        let mfcc = FeatureSettings(kind: .mfcc(count: 13), reference: .power(1), hasSlopes: true)
        var result = Result()
        for run in 0...runs {
            for settings in [FeatureSettings(), mfcc] {
                let processor = processorSeconds()
                let wall = try seconds { result.frames = try frameCount(settings, of: samples) }
                // The first run warms the caches up.
                guard run > 0 else { continue }
                if settings == mfcc {
                    result.mfccSeconds.append(wall)
                    result.mfccProcessorSeconds.append(processorSeconds() - processor)
                } else {
                    result.melSeconds.append(wall)
                    result.melProcessorSeconds.append(processorSeconds() - processor)
                }
            }
        }
        return result
    }

    private static func frameCount(_ settings: FeatureSettings, of samples: [Float]) throws -> Int {
        let mel = try MelStream(settings)
        var power: [[Float]] = []
        mel.push(samples) { power.append($0) }
        mel.finish { power.append($0) }
        var features = try FeatureStream(settings, greatest: power.reduce(0) { max($0, $1.max() ?? 0) })
        var values: [[Float]] = []
        for frame in power { values += features.push(frame) }
        return (values + features.finish()).count
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
