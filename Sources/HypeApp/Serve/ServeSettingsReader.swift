import Configuration
import Foundation
package import HypeMoments
import HypeServer

extension SettingsReader {
    /// Reads the settings of the server and the thresholds: flags before environment before settings file before defaults.
    ///
    /// - Parameters:
    ///   - flags: What stood on the command line, by key.
    ///   - configFile: Path of a JSON file, or nil.
    ///   - environment: The environment's variables.
    /// - Returns: Settings that fit together.
    /// - Throws: ``AppFailure`` that names every mistake at once.
    package static func readServer(
        flags: [String: String],
        configFile: String?,
        environment: [String: String]
    ) async throws -> (server: ServeSettings, moments: MomentSettings) {
        let config = ConfigReader(providers: try await providers(configFile: configFile, environment: environment))
        var server = ServeSettings()
        var mistakes = ServeSettings.fields.compactMap { field in
            (flags[field.key] ?? config.written(field.key)).flatMap { field.set($0, in: &server) }
        }
        mistakes += server.contradictions
        let moments = moments(from: config, mistakes: &mistakes)
        guard mistakes.isEmpty else { throw AppFailure(.failed, mistakes.joined(separator: "\n")) }
        return (server, moments)
    }
}

extension ServeSettings.Field {
    /// Takes a value in words; returns what is wrong with it.
    func set(_ text: String, in settings: inout ServeSettings) -> String? {
        switch path {
        case .text(let place): settings[keyPath: place] = text
        case .secret(let place): settings[keyPath: place] = Secret(text)
        case .list(let place):
            settings[keyPath: place] = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        case .flag(let place):
            guard
                let value = ["true": true, "1": true, "yes": true, "false": false, "0": false, "no": false][
                    text.lowercased()
                ]
            else { return mistake(text) }
            settings[keyPath: place] = value
        case .count(let place, let range):
            guard let value = Int(text), range.contains(value) else { return mistake(text) }
            settings[keyPath: place] = value
        case .amount(let place, let range):
            guard let value = Double(text), range.contains(value) else { return mistake(text) }
            settings[keyPath: place] = value
        case .store(let place):
            guard let value = ServeSettings.StoreKind(rawValue: text) else { return mistake(text) }
            settings[keyPath: place] = value
        }
        return nil
    }

    private func mistake(_ text: String) -> String {
        let suffix = unit.isEmpty ? "" : " \(unit)"
        return "\(key) is “\(text)”, but must be \(range)\(suffix)."
    }
}

extension ServeSettings {
    /// What does not fit together.
    var contradictions: [String] {
        var mistakes: [String] = []
        if !PeerAddress.isLoopback(host), token.revealed.isEmpty {
            mistakes.append(
                "server.host is \(host), which others can reach, so server.token must be set. Make one with: openssl rand -hex 24"
            )
        }
        if !token.revealed.isEmpty, token.revealed.count < ServerSettings.shortestToken {
            mistakes.append("server.token must have at least \(ServerSettings.shortestToken) characters.")
        }
        if certificate.isEmpty != key.isEmpty {
            mistakes.append("server.certificate and server.key must be set together.")
        }
        if store == .mongodb, storeURL.revealed.isEmpty {
            mistakes.append("store.kind is mongodb, so store.url must be set, such as mongodb://127.0.0.1:27017.")
        }
        return mistakes
    }
}
