internal import NIOCore

// Codable with any coder, so that a value may be a property of an encodable type. The library's own coder keeps bytes
// as bytes; others see them as a list of numbers.
extension SocketIOValue: Codable {
    /// Decodes whatever is there.
    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: ValueKey.self) {
            var object = SocketIOObject()
            for key in container.allKeys {
                object[key.stringValue] = try container.decode(SocketIOValue.self, forKey: key)
            }
            self = .object(object)
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else {
            self = .array(try container.decode([SocketIOValue].self))
        }
    }

    /// Encodes the value as what it is.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        case .binary(let value): try container.encode(Array(value.readableBytesView))
        }
    }
}

extension SocketIOObject: Codable {
    /// Decodes an object.
    public init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: ValueKey.self)
        for key in container.allKeys {
            self[key.stringValue] = try container.decode(SocketIOValue.self, forKey: key)
        }
    }

    /// Encodes the members in their order.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ValueKey.self)
        for (name, value) in members {
            try container.encode(value, forKey: ValueKey(stringValue: name))
        }
    }
}
