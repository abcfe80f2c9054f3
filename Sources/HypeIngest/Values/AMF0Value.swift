/// A value of Action Message Format 0, in which RTMP's commands and FLV's metadata are written.
package enum AMF0Value: Hashable, Sendable {
    /// A named value of an object.
    package struct Property: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// Its value.
        package var value: AMF0Value

        /// Creates a property.
        package init(_ name: String, _ value: AMF0Value) {
            self.name = name
            self.value = value
        }
    }

    case number(Double)
    case boolean(Bool)
    /// Text of up to 65,535 bytes, or more in the long form.
    case string(String)
    /// Properties in their order; a typed object's class name is dropped.
    case object([Property])
    /// An associative array; its count of entries is only a hint.
    case ecmaArray([Property])
    case array([AMF0Value])
    /// Milliseconds since 1970 in UTC.
    case date(Double)
    case null
    case undefined

    /// The value of an object's property, nil where there is none.
    package subscript(name name: String) -> AMF0Value? {
        switch self {
        case .object(let properties), .ecmaArray(let properties): properties.first { $0.name == name }?.value
        default: nil
        }
    }

    /// The text, nil where this is none.
    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number, nil where this is none or not finite.
    package var finiteNumber: Double? {
        if case .number(let number) = self, number.isFinite { number } else { nil }
    }

    /// The properties of an object or an associative array, empty for anything else.
    package var properties: [Property] {
        switch self {
        case .object(let properties), .ecmaArray(let properties): properties
        default: []
        }
    }
}
