import Foundation
import HypeCore
import HypeEmotion
import HypeInference

/// Clips through a VideoMAE net, as the worker asks it: bytes to numbers, the net, probabilities.
///
/// Takes turns with `Benchmarks/video_bench.py`, which runs the bare runtime: says `ready`, then answers each line on
/// standard input with the milliseconds of one clip.
enum VideoBenchmark {
    /// Milliseconds of one clip, and of scaling one picture for it.
    struct Result: Encodable {
        var model: String
        var threads: Int
        var rounds: Int
        var clipMilliseconds: Double
        var pictureMilliseconds: Double
    }

    static func run(model path: String, threads: Int) throws -> Result {
        let core = try InferenceCore(settings: InferenceSettings(threads: threads))
        let model = try VideoMAEModel(file: URL(filePath: path), core: core)
        var random = SplitMix64(seed: 1)
        let bytes = (0..<640 * 480 * 3).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let source = PixelBuffer(width: 640, height: 480, bytes: bytes)
        let side = model.description.input.side
        guard let picture = ClipPicture(source, side: side) else { preconditionFailure("the picture is not empty") }
        let clip = [ClipPicture](repeating: picture, count: model.description.input.frames)
        func predict() throws -> Double {
            var count = 0
            let time = try seconds { count = try model.predictions(of: [clip]).count }
            precondition(count == 1, "nothing was computed")
            return 1000 * time
        }
        _ = try predict()
        say("ready")
        var times: [Double] = []
        while readLine() != nil {
            times.append(try predict())
            say("\(times[times.count - 1])")
        }
        let scaling = seconds { for _ in 0..<50 { _ = ClipPicture(source, side: side) } }
        return Result(
            model: model.description.name,
            threads: threads,
            rounds: times.count,
            clipMilliseconds: times.isEmpty ? 0 : median(times),
            pictureMilliseconds: 1000 * scaling / 50
        )
    }

    private static func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
}
