internal import NIOCore

/// Turns any `Encodable` into a value, without the detour over JSON text.
struct ValueEncoder: Encoder {
    /// What is being built at one place; containers of the same place share it.
    final class Node {
        var content = SocketIOValue.null
        var elements: [Node]?
        var members: [(String, Node)]?

        var value: SocketIOValue {
            if let elements { return .array(elements.map(\.value)) }
            if let members { return .object(SocketIOObject(members.map { ($0.0, $0.1.value) })) }
            return content
        }
    }

    let node: Node
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func encode(_ value: some Encodable) throws -> SocketIOValue {
        let node = Node()
        try ValueEncoder(node: node, codingPath: []).store(value)
        return node.value
    }

    func store(_ value: some Encodable) throws {
        switch value {
        case let value as SocketIOValue: node.content = value
        case let value as ByteBuffer: node.content = .binary(value)
        case let value as SocketIOObject: node.content = .object(value)
        default: try value.encode(to: self)
        }
    }

    func child(_ key: any CodingKey) -> ValueEncoder {
        let child = Node()
        if node.members == nil { node.members = [] }
        node.members?.append((key.stringValue, child))
        return ValueEncoder(node: child, codingPath: codingPath + [key])
    }

    func nextElement() -> ValueEncoder {
        let child = Node()
        let key = ValueKey(intValue: node.elements?.count ?? 0)
        if node.elements == nil { node.elements = [] }
        node.elements?.append(child)
        return ValueEncoder(node: child, codingPath: codingPath + [key])
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.members = node.members ?? []
        return KeyedEncodingContainer(Keyed<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.elements = node.elements ?? []
        return Unkeyed(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }
}

extension ValueEncoder {
    private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let encoder: ValueEncoder
        var codingPath: [any CodingKey] { encoder.codingPath }

        func encodeNil(forKey key: Key) { _ = encoder.child(key) }

        func encode(_ value: some Encodable, forKey key: Key) throws { try encoder.child(key).store(value) }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy keyType: NestedKey.Type,
            forKey key: Key
        ) -> KeyedEncodingContainer<NestedKey> {
            encoder.child(key).container(keyedBy: keyType)
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            encoder.child(key).unkeyedContainer()
        }

        func superEncoder() -> any Encoder { encoder.child(ValueKey(stringValue: "super")) }

        func superEncoder(forKey key: Key) -> any Encoder { encoder.child(key) }
    }

    private struct Unkeyed: UnkeyedEncodingContainer {
        let encoder: ValueEncoder
        var codingPath: [any CodingKey] { encoder.codingPath }
        var count: Int { encoder.node.elements?.count ?? 0 }

        func encodeNil() { _ = encoder.nextElement() }

        func encode(_ value: some Encodable) throws { try encoder.nextElement().store(value) }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy keyType: NestedKey.Type
        ) -> KeyedEncodingContainer<NestedKey> {
            encoder.nextElement().container(keyedBy: keyType)
        }

        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder.nextElement().unkeyedContainer() }

        func superEncoder() -> any Encoder { encoder.nextElement() }
    }

    private struct Single: SingleValueEncodingContainer {
        let encoder: ValueEncoder
        var codingPath: [any CodingKey] { encoder.codingPath }

        func encodeNil() { encoder.node.content = .null }
        func encode(_ value: Bool) { encoder.node.content = .bool(value) }
        func encode(_ value: String) { encoder.node.content = .string(value) }
        func encode(_ value: Double) { encoder.node.content = .double(value) }
        func encode(_ value: Float) { encoder.node.content = .double(Double(value)) }
        func encode(_ value: Int) { encoder.node.content = .int(value) }
        func encode(_ value: Int8) { encoder.node.content = .int(Int(value)) }
        func encode(_ value: Int16) { encoder.node.content = .int(Int(value)) }
        func encode(_ value: Int32) { encoder.node.content = .int(Int(value)) }
        func encode(_ value: Int64) { encoder.node.content = .int(Int(value)) }
        func encode(_ value: UInt) { encode(UInt64(value)) }
        func encode(_ value: UInt8) { encoder.node.content = .int(Int(value)) }
        func encode(_ value: UInt16) { encoder.node.content = .int(Int(value)) }
        func encode(_ value: UInt32) { encoder.node.content = .int(Int(value)) }

        func encode(_ value: UInt64) {
            encoder.node.content = Int(exactly: value).map { .int($0) } ?? .double(Double(value))
        }

        func encode(_ value: some Encodable) throws { try encoder.store(value) }
    }
}

/// A place on the way to a value: a name or a position.
struct ValueKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = "\(intValue)"
        self.intValue = intValue
    }
}
