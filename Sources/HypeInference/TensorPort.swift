/// An input or output of a compiled model: 32-bit floats of a fixed shape, row-major.
package struct TensorPort: Hashable, Sendable, Codable {
    /// Name in the model file.
    package let name: String
    /// Length of each axis, outermost first; empty for a single number.
    package let shape: [Int]

    /// Creates a description of a port.
    package init(name: String, shape: [Int]) {
        self.name = name
        self.shape = shape
    }

    /// Number of floats.
    package var count: Int { shape.reduce(1, *) }
}
