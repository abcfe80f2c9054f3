import Foundation
import HypeCore

/// One JSON object: what was computed, then a list of values per frame.
struct JSONFeatures: FeatureFormat {
    private let path: String
    private let settings: FeatureSettings
    private let start: MediaTime

    /// Creates the format for features of a file that begin at a time.
    init(_ settings: FeatureSettings, path: String, start: MediaTime) {
        self.settings = settings
        self.path = path
        self.start = start
    }

    /// The object without its frames.
    private struct Head: Encodable {
        var file: String
        var sampleRate: Int
        var window: Double
        var hop: Double
        var transform: Int
        var fmin: Double
        var fmax: Double
        var centred: Bool
        var start: Double
        var frameCount: Int
        var names: [String]
    }

    func head(frameCount: Int) -> Data {
        let head = Head(
            file: path,
            sampleRate: FeatureSettings.sampleRate,
            window: settings.window.inSeconds,
            hop: settings.hop.inSeconds,
            transform: settings.frameLength,
            fmin: settings.frequencies.lowerBound,
            fmax: settings.frequencies.upperBound,
            centred: settings.isCentred,
            start: start.seconds,
            frameCount: frameCount,
            names: settings.names
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Finite numbers and strings can always be encoded.
        let object = (try? encoder.encode(head)) ?? Data("{}".utf8)
        return object.dropLast() + Data(",\"frames\":[".utf8)
    }

    func frame(_ values: [Float], index: Int) -> Data {
        var line = index == 0 ? "\n[" : ",\n["
        for (place, value) in values.enumerated() { line += place == 0 ? "\(value)" : ",\(value)" }
        return Data((line + "]").utf8)
    }

    var tail: Data { Data("\n]}\n".utf8) }
}
