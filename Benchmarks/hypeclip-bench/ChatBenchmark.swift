import Foundation
import HypeChat
import HypeCore

/// Reads and judges a day of synthetic chat in every format, on one thread.
enum ChatBenchmark {
    /// Messages per second of each format, reading and detecting together.
    struct Result: Encodable {
        var messages: Int
        var runs: Int
        var parseAndDetectPerSecond: [String: Double]
        var detectPerSecond: Double
    }

    private static let runs = 5

    static func run() throws -> Result {
        let interval = MediaInterval(seconds: 0..<86_400)
        var settings = SyntheticChat.Settings(seed: 1, interval: interval)
        settings.messagesPerMinute = 154
        let events = stride(from: 900.0, to: 86_000, by: 900).map {
            SyntheticChat.Event.hype(at: MediaTime(seconds: $0))
        }
        let messages = SyntheticChat(settings: settings, events: events).messages()
        var rates: [String: Double] = [:]
        for format in ChatLogFormat.allCases {
            let bytes = ChatLogWriter(format).write(messages)
            var times: [Double] = []
            for _ in 0..<runs {
                times.append(
                    try seconds {
                        let log = try ChatLog.read(bytes)
                        precondition(log.messages.count == messages.count, "the log was not read whole")
                        precondition(!SpikeDetector.observations(of: log, over: interval).isEmpty, "nothing was judged")
                    }
                )
            }
            rates[format.rawValue] = Double(messages.count) / median(times)
        }
        let log = ChatLog(messages: messages)
        let times = (0..<runs).map { _ in
            seconds { precondition(!SpikeDetector.observations(of: log, over: interval).isEmpty, "nothing was judged") }
        }
        return Result(
            messages: messages.count,
            runs: runs,
            parseAndDetectPerSecond: rates,
            detectPerSecond: Double(messages.count) / median(times)
        )
    }
}

/// The middle value; of an even count, the upper of the two in the middle.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
