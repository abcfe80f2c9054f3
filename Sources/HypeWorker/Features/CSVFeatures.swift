import Foundation
import HypeCore

/// Comma-separated values: a line with the names, then a line per frame that begins with its time in seconds.
struct CSVFeatures: FeatureFormat {
    private let settings: FeatureSettings
    private let start: MediaTime

    /// Creates the format for features that begin at a time.
    init(_ settings: FeatureSettings, start: MediaTime) {
        self.settings = settings
        self.start = start
    }

    func head(frameCount: Int) -> Data {
        Data(("time," + settings.names.joined(separator: ",") + "\n").utf8)
    }

    func frame(_ values: [Float], index: Int) -> Data {
        var line = "\((start + settings.hop * index).seconds)"
        for value in values { line += ",\(value)" }
        return Data((line + "\n").utf8)
    }

    var tail: Data { Data() }
}
