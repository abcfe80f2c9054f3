import Foundation

/// A client's `Upload-Metadata`: `filename d29ybGQubXA0,is_confidential` (tus 1.0.0, "Creation").
package struct TusMetadata: Hashable, Sendable {
    /// Longest header that is taken, in bytes.
    package static let maximumBytes = 4096

    /// The values by their keys; a key without value has an empty one.
    package let values: [String: [UInt8]]

    /// Reads the header.
    ///
    /// - Returns: Nil where it is not well formed: a key twice, not ASCII or empty, or a value that is not base64.
    package init?(_ header: String) {
        guard header.utf8.count <= Self.maximumBytes else { return nil }
        var values: [String: [UInt8]] = [:]
        let pairs = header.split(separator: ",", omittingEmptySubsequences: false).map { $0.split(separator: " ") }
        for pair in pairs where !(pairs.count == 1 && pair.isEmpty) {
            guard (1...2).contains(pair.count), pair[0].utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                return nil
            }
            guard let value = pair.count == 2 ? Data(base64Encoded: String(pair[1])) : Data() else { return nil }
            guard values.updateValue(Array(value), forKey: String(pair[0])) == nil else { return nil }
        }
        self.values = values
    }

    /// The file's name, by the keys that clients use.
    package var name: String? { text("filename") ?? text("name") }
    /// The file's media type, by the keys that clients use.
    package var mediaType: String? { text("filetype") ?? text("type") }

    private func text(_ key: String) -> String? {
        values[key].map(HeaderText.decoded).flatMap { $0.isEmpty ? nil : $0 }
    }
}
