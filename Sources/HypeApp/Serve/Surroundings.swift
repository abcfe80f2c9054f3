import Foundation
import HypeMoments
import Logging

/// What `serve`, `watch` and `login` find around them: settings, the installation, the data folder, a log.
struct Surroundings: Sendable {
    /// Everything that can be set about the server.
    let settings: ServeSettings
    /// Thresholds of the rule and lengths of the clips.
    let moments: MomentSettings
    /// Where worker and models are.
    let installation: Installation
    /// Path of the folder of everything that is kept; nothing is made there yet.
    let dataFolder: String
    /// For operators, on standard error.
    let logger: Logger

    /// Reads flags before environment before settings file.
    ///
    /// - Parameters:
    ///   - flags: What stood on the command line, by key of the setting.
    ///   - configFile: Path of a JSON settings file, or nil.
    ///   - level: What is worth logging.
    /// - Throws: ``AppFailure`` with a report of all mistakes in the settings.
    init(flags: [String: String], configFile: String?, level: Logger.Level) async throws {
        let environment = ProcessInfo.processInfo.environment
        (settings, moments) = try await SettingsReader.readServer(
            flags: flags,
            configFile: configFile,
            environment: environment
        )
        installation = Installation.current()
        dataFolder = settings.dataFolder.isEmpty ? installation.serverFolder : settings.dataFolder
        var logger = Logger(label: "hypeclip") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        self.logger = logger
    }
}
