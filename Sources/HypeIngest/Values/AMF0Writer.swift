package import NIOCore

extension ByteBuffer {
    /// Appends values in Action Message Format 0.
    package mutating func writeAMF0(_ values: AMF0Value...) {
        for value in values { writeAMF0(value: value) }
    }

    private mutating func writeAMF0(value: AMF0Value) {
        switch value {
        case .number(let number):
            writeMultipleIntegers(UInt8(0), number.bitPattern)
        case .boolean(let flag):
            writeMultipleIntegers(UInt8(1), UInt8(flag ? 1 : 0))
        case .string(let text):
            let isLong = text.utf8.count > UInt16.max
            writeInteger(UInt8(isLong ? 12 : 2))
            if isLong { writeInteger(UInt32(clamping: text.utf8.count)) } else { writeInteger(UInt16(text.utf8.count)) }
            writeString(text)
        case .object(let properties):
            writeInteger(UInt8(3))
            writeAMF0(properties: properties)
        case .ecmaArray(let properties):
            writeMultipleIntegers(UInt8(8), UInt32(clamping: properties.count))
            writeAMF0(properties: properties)
        case .array(let elements):
            writeMultipleIntegers(UInt8(10), UInt32(clamping: elements.count))
            for element in elements { writeAMF0(value: element) }
        case .date(let milliseconds):
            writeMultipleIntegers(UInt8(11), milliseconds.bitPattern, UInt16(0))
        case .null: writeInteger(UInt8(5))
        case .undefined: writeInteger(UInt8(6))
        }
    }

    private mutating func writeAMF0(properties: [AMF0Value.Property]) {
        // A name's length has two bytes, and an empty name would end the object.
        for property in properties where (1...Int(UInt16.max)).contains(property.name.utf8.count) {
            writeInteger(UInt16(property.name.utf8.count))
            writeString(property.name)
            writeAMF0(value: property.value)
        }
        writeMultipleIntegers(UInt16(0), UInt8(9))
    }
}
