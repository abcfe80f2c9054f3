/// A value in a JSON text that somebody else keeps alive, with access to its parts by name.
///
/// Parts that are not asked for are skipped with no more checks than ``JSONCursor`` makes. A part that is missing or has
/// another type is nil, never an error: what must be there is for the caller to say.
struct JSONSlice {
    /// Most elements of a list that are looked at.
    static let mostElements = 1000

    /// The value as it is written, without blanks around it; empty where there is none.
    let bytes: ByteSlice

    /// Wraps a text.
    init(_ bytes: ByteSlice) { self.bytes = bytes.trimmed }

    /// The member of an object; nothing where there is no such member or no object.
    subscript(_ name: StaticString) -> JSONSlice {
        var cursor = JSONCursor(bytes)
        guard cursor.enterObject() else { return JSONSlice(.none) }
        while let key = cursor.nextKey() {
            guard cursor.peek() != nil else { break }
            let start = cursor.position
            guard cursor.skipValue() else { break }
            if key.bytes.equals(name) { return JSONSlice(bytes.slice(start, cursor.position)) }
        }
        return JSONSlice(.none)
    }

    /// Whether it is an object.
    var isObject: Bool { bytes.first == UInt8(ascii: "{") && bytes.last == UInt8(ascii: "}") }

    /// The text, where it is one; unresolved.
    private var text: JSONText? {
        var cursor = JSONCursor(bytes)
        return cursor.readString()
    }

    /// The text, where it is one.
    var string: String? { text?.string }

    /// The text's bytes, where it is one without escapes.
    var plainBytes: ByteSlice? {
        guard let text, !text.isEscaped else { return nil }
        return text.bytes
    }

    /// The whole number, where it is one of at most eighteen digits and not negative.
    var integer: Int? {
        ClockText.integer(bytes).map(Int.init)
    }

    /// Whether it is `true`; false for anything else.
    var isTrue: Bool { bytes.equals("true") }

    /// The first elements of a list; empty for anything else.
    var elements: [JSONSlice] {
        var cursor = JSONCursor(bytes)
        guard cursor.take(UInt8(ascii: "[")) else { return [] }
        var elements: [JSONSlice] = []
        while elements.count < Self.mostElements, let byte = cursor.peek(), byte != UInt8(ascii: "]") {
            let start = cursor.position
            guard cursor.skipValue() else { break }
            elements.append(JSONSlice(bytes.slice(start, cursor.position)))
            guard cursor.take(UInt8(ascii: ",")) else { break }
        }
        return elements
    }
}
