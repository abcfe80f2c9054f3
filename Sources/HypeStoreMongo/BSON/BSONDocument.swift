/// A BSON document: named values in an order that matters (the first field of a command is its name).
package struct BSONDocument: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// A value with its name.
    package struct Field: Hashable, Sendable {
        /// The name, without zero bytes.
        package var name: String
        /// The value.
        package var value: BSONValue

        /// Creates a field.
        package init(name: String, value: BSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The fields in their order; a name may occur twice, the first one counts.
    package var fields: [Field]

    /// Creates a document.
    package init(fields: [Field] = []) { self.fields = fields }

    package init(dictionaryLiteral elements: (String, BSONValue)...) {
        fields = elements.map(Field.init)
    }

    /// The value with a name; setting one replaces it where it is, or adds it at the end, and nil takes it away.
    package subscript(name: String) -> BSONValue? {
        get { fields.first { $0.name == name }?.value }
        set {
            let place = fields.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): fields[place].value = value
            case (let place?, nil): fields.remove(at: place)
            case (nil, let value?): fields.append(Field(name: name, value: value))
            case (nil, nil): break
            }
        }
    }
}
