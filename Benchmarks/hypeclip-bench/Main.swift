import Foundation

/// Measures parts of hypeclip inside one process and prints one JSON object; `Benchmarks/run` puts peers beside it.
///
/// usage: hypeclip-bench chat | clips RECORDING | features SAMPLES | fill FILE | live RECORDING | mel SECONDS | store
///     | upload MEBIBYTES | video MODEL THREADS
@main
enum Main {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            let result: any Encodable =
                switch (arguments.first, arguments.count) {
                case ("chat", 1): try ChatBenchmark.run()
                case ("clips", 2): try ClipBenchmark.run(recording: arguments[1])
                case ("features", 2): try FeatureBenchmark.run(path: arguments[1])
                case ("fill", 2): try await StoreBenchmark.fill(path: arguments[1])
                case ("live", 2): try LiveBenchmark.run(recording: arguments[1])
                case ("mel", 2): try MelBenchmark.run(seconds: Double(arguments[1]) ?? 300)
                case ("store", 1): try await StoreBenchmark.run()
                case ("upload", 2): try await UploadBenchmark.run(megabytes: Int(arguments[1]) ?? 1024)
                case ("video", 3): try VideoBenchmark.run(model: arguments[1], threads: Int(arguments[2]) ?? 1)
                default: throw Usage()
                }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            FileHandle.standardOutput.write(try encoder.encode(result) + Data("\n".utf8))
        } catch {
            FileHandle.standardError.write(Data("hypeclip-bench: \(error)\n".utf8))
            exit(error is Usage ? 2 : 1)
        }
    }

    private struct Usage: Error, CustomStringConvertible {
        var description: String {
            "usage: hypeclip-bench chat | clips RECORDING | features SAMPLES | fill FILE | live RECORDING | mel SECONDS "
                + "| store | upload MEBIBYTES | video MODEL THREADS"
        }
    }
}

/// Time of a piece of work on a monotonic clock, in seconds.
func seconds(_ work: () throws -> Void) rethrows -> Double {
    let begin = ContinuousClock.now
    try work()
    let span = ContinuousClock.now - begin
    return Double(span.components.seconds) + Double(span.components.attoseconds) * 1e-18
}
