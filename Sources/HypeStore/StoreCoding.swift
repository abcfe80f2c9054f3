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
}
