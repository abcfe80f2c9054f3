internal import NIOCore

/// Reads any `Decodable` out of a value, without the detour over JSON text.
struct ValueDecoder: Decoder {
    let value: SocketIOValue
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func decode<T: Decodable>(_ type: T.Type, from value: SocketIOValue, path: [any CodingKey]) throws -> T {
        let special: Any? =
            switch type {
            case is SocketIOValue.Type: value
            case is SocketIOObject.Type: value.object
            case is ByteBuffer.Type: value.binary
            case is Bool.Type: value.bool
            case is String.Type: value.string
            case is Double.Type: value.double
            case is Float.Type: value.double.map { Float($0) }
            default: (type as? any FixedWidthInteger.Type).flatMap { whole($0, value) }
            }
        if let special = special as? T { return special }
        guard !isScalar(type) else {
            let context = DecodingError.Context(codingPath: path, debugDescription: "is not a \(type)")
            throw DecodingError.typeMismatch(type, context)
        }
        return try T(from: ValueDecoder(value: value, codingPath: path))
    }

    private static func whole<T: FixedWidthInteger>(_ type: T.Type, _ value: SocketIOValue) -> Any? {
        value.int.flatMap { T(exactly: $0) }
    }

    private static func isScalar(_ type: Any.Type) -> Bool {
        type is any FixedWidthInteger.Type || type == Bool.self || type == String.self || type == Double.self
            || type == Float.self || type == SocketIOObject.self || type == ByteBuffer.self
    }

    private func mismatch(_ type: Any.Type, _ text: String) -> DecodingError {
        .typeMismatch(type, .init(codingPath: codingPath, debugDescription: text))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let object = value.object else { throw mismatch(SocketIOObject.self, "is not an object") }
        return KeyedDecodingContainer(Keyed(object: object, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let array = value.array else { throw mismatch([SocketIOValue].self, "is not a list") }
        return Unkeyed(elements: array, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { Single(value: value, codingPath: codingPath) }
}

extension ValueDecoder {
    private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let object: SocketIOObject
        let codingPath: [any CodingKey]
        var allKeys: [Key] { object.members.compactMap { Key(stringValue: $0.name) } }

        func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }

        private func value(_ key: Key) throws -> SocketIOValue {
            if let value = object[key.stringValue] { return value }
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "is missing"))
        }

        func decodeNil(forKey key: Key) throws -> Bool { try value(key) == .null }

        func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
            try ValueDecoder.decode(type, from: value(key), path: codingPath + [key])
        }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type,
            forKey key: Key
        ) throws -> KeyedDecodingContainer<NestedKey> {
            try decoder(key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try decoder(key).unkeyedContainer()
        }

        func superDecoder() throws -> any Decoder {
            ValueDecoder(value: object["super"] ?? .null, codingPath: codingPath + [ValueKey(stringValue: "super")])
        }

        func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

        private func decoder(_ key: Key) throws -> ValueDecoder {
            ValueDecoder(value: try value(key), codingPath: codingPath + [key])
        }
    }

    private struct Unkeyed: UnkeyedDecodingContainer {
        let elements: [SocketIOValue]
        let codingPath: [any CodingKey]
        var currentIndex = 0
        var count: Int? { elements.count }
        var isAtEnd: Bool { currentIndex >= elements.count }

        init(elements: [SocketIOValue], codingPath: [any CodingKey]) {
            self.elements = elements
            self.codingPath = codingPath
        }

        private mutating func next() throws -> ValueDecoder {
            let path = codingPath + [ValueKey(intValue: currentIndex)]
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    SocketIOValue.self,
                    .init(codingPath: path, debugDescription: "the list ends before")
                )
            }
            defer { currentIndex += 1 }
            return ValueDecoder(value: elements[currentIndex], codingPath: path)
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd, elements[currentIndex] == .null else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
            let decoder = try next()
            return try ValueDecoder.decode(type, from: decoder.value, path: decoder.codingPath)
        }

        mutating func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type
        ) throws -> KeyedDecodingContainer<NestedKey> {
            try next().container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            try next().unkeyedContainer()
        }

        mutating func superDecoder() throws -> any Decoder { try next() }
    }

    private struct Single: SingleValueDecodingContainer {
        let value: SocketIOValue
        let codingPath: [any CodingKey]

        func decodeNil() -> Bool { value == .null }

        func decode<T: Decodable>(_ type: T.Type) throws -> T {
            try ValueDecoder.decode(type, from: value, path: codingPath)
        }
    }
}
