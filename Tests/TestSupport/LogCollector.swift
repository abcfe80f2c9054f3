package import Logging
import Synchronization

/// Remembers every line that was logged.
package final class LogCollector: Sendable {
    private let collected = Mutex<[String]>([])

    /// Creates an empty one.
    package init() {}

    /// Every line with its level and metadata.
    package var lines: [String] { collected.withLock { $0 } }

    /// A logger that writes here.
    package func logger() -> Logger {
        var logger = Logger(label: "test") { [self] _ in Handler(collector: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let collector: LogCollector
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            collector.collected.withLock { $0.append("\(event.level) \(event.message) \(all)") }
        }
    }
}
