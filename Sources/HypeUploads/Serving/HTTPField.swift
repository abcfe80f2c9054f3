/// One header of a response.
package struct HTTPField: Hashable, Sendable {
    /// The header's name, as it is written.
    package let name: String
    /// Its value.
    package let value: String

    /// Makes a header.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [HTTPField] {
    /// The value of the first header of a name, without regard to case.
    package subscript(name: String) -> String? { first { $0.name.lowercased() == name.lowercased() }?.value }
}
