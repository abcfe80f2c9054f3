import Configuration
import Foundation
package import HypeMoments
import SystemPackage

/// Reads the thresholds: environment before settings file before defaults.
package enum SettingsReader {
    static let scope = "moments"
    private static let prefix = "HYPECLIP_"

    /// The environment variable of a setting: `HYPECLIP_MOMENTS_CHAT_OPEN` sets `moments.chat.open`.
    static func variable(for key: String) -> String {
        let words = key.split(separator: ".").map { part in
            part.map { $0.isUppercase ? "_\($0)" : "\($0)" }.joined().uppercased()
        }
        return prefix + words.joined(separator: "_")
    }

    /// Reads and checks all settings.
    ///
    /// - Parameters:
    ///   - configFile: Path of a JSON file, or nil.
    ///   - environment: The environment's variables.
    /// - Returns: Settings that fit together.
    /// - Throws: ``AppFailure`` that names every mistake at once.
    package static func read(configFile: String?, environment: [String: String]) async throws -> MomentSettings {
        let config = ConfigReader(providers: try await providers(configFile: configFile, environment: environment))
        var mistakes: [String] = []
        let settings = moments(from: config, mistakes: &mistakes)
        guard mistakes.isEmpty else { throw AppFailure(.failed, mistakes.joined(separator: "\n")) }
        return settings
    }

    /// Reads and checks the thresholds.
    static func moments(from config: ConfigReader, mistakes: inout [String]) -> MomentSettings {
        var settings = MomentSettings()
        for field in MomentSettings.fields {
            let key = "\(scope).\(field.key)"
            guard let text = config.written(key) else { continue }
            if let value = Double(text) {
                field.set(value, in: &settings)
            } else {
                mistakes.append("\(key) is “\(text)”, but must be a number.")
            }
        }
        do { try settings.validate() } catch { mistakes.append(error.message) }
        return settings
    }

    /// Where values come from, the first one first.
    static func providers(configFile: String?, environment: [String: String]) async throws -> [any ConfigProvider] {
        let own = environment.filter { $0.key.hasPrefix(prefix) }
            .map { (String($0.key.dropFirst(prefix.count)), $0.value) }
        let variables = EnvironmentVariablesProvider(environmentVariables: Dictionary(uniqueKeysWithValues: own))
        guard let configFile else { return [variables] }
        do {
            return [variables, try await FileProvider<JSONSnapshot>(filePath: FilePath(configFile))]
        } catch {
            throw AppFailure(.failed, "the settings file \(configFile) cannot be read: \(error)")
        }
    }
}

extension ConfigReader {
    /// What stands under a key, as text, whatever kind of value it is; nil where nothing does.
    func written(_ name: String) -> String? {
        let key = ConfigKey(name)
        if let text = string(forKey: key) { return text }
        if let number = int(forKey: key) { return "\(number)" }
        if let number = double(forKey: key) { return "\(number)" }
        if let flag = bool(forKey: key) { return "\(flag)" }
        return stringArray(forKey: key)?.joined(separator: ",")
    }
}
