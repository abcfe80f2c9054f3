package import Foundation

/// How stores write values down: as JSON, with times in whole milliseconds since 1970.
package enum StoreCoding {
    /// The JSON of a value.
    ///
    /// - Parameter value: What to write down.
    /// - Returns: JSON in UTF-8.
    /// - Throws: ``StoreError`` where the value has no JSON, such as a number that is not finite.
    package static func encode(_ value: some Encodable) throws(StoreError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(StoreTime.milliseconds(date))
        }
        do {
            return try encoder.encode(value)
        } catch {
            let message = "The value cannot be written as JSON; this is a mistake in Hypeclip."
            throw StoreError(.failed, message, cause: error)
        }
    }

    /// A decoder for what ``encode(_:)`` wrote.
    package static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            StoreTime.date(try decoder.singleValueContainer().decode(Int64.self))
        }
        return decoder
    }

    /// The value that ``encode(_:)`` wrote.
    ///
    /// - Parameters:
    ///   - type: What it is.
    ///   - json: JSON in UTF-8.
    ///   - decoder: One of ``decoder()``, which may be used again and again.
    /// - Returns: The value.
    /// - Throws: ``StoreError`` with ``StoreError/Code/corrupt`` where the JSON does not describe such a value.
    package static func decode<Value: Decodable>(
        _ type: Value.Type,
        from json: Data,
        with decoder: JSONDecoder = decoder()
    ) throws(StoreError) -> Value {
        do {
            return try decoder.decode(type, from: json)
        } catch {
            throw StoreError(
                .corrupt,
                "A stored \(type) cannot be understood. Restore a backup, or use the version of Hypeclip that wrote it.",
                cause: error
            )
        }
    }

    /// What ``DocumentJSON`` writes of a clip, out of what ``encode(_:)`` wrote of it.
    ///
    /// The two differ in nothing but how they write the only time in it.
    ///
    /// - Parameter json: JSON in UTF-8.
    /// - Returns: JSON in UTF-8.
    /// - Throws: ``StoreError`` with ``StoreError/Code/corrupt`` where that time is not there.
    package static func document(ofClip json: Data) throws(StoreError) -> Data {
        // Within a text the quotation marks would have backslashes before them, so this is the key.
        let key = Data(#""createdAt":"#.utf8)
        guard let found = json.range(of: key) else { throw unreadable }
        let digits = json[found.upperBound...].prefix { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
        guard let milliseconds = Int64(String(decoding: digits, as: UTF8.self)) else { throw unreadable }
        var document = Data(capacity: json.count + 16)
        document += json[..<found.upperBound]
        document += Data("\"\(DocumentJSON.text(of: StoreTime.date(milliseconds)))\"".utf8)
        document += json[digits.endIndex...]
        return document
    }

    private static var unreadable: StoreError {
        StoreError(
            .corrupt,
            "A stored clip cannot be understood. Restore a backup, or use the version of Hypeclip that wrote it."
        )
    }
}
