package import HypeCore

/// Turns numbers into colours whose lightness rises evenly.
package struct ColourMap: Sendable {
    /// The colours from the lowest to the highest value.
    ///
    /// Shape `[256]`.
    package let colours: [Colour]

    /// Creates the map of a name.
    package init(_ name: PictureSettings.Colours) {
        colours =
            switch name {
            case .magma: Self.parse(ColourTables.magma)
            case .viridis: Self.parse(ColourTables.viridis)
            case .grey: (0..<256).map { Colour($0 * 0x01_01_01) }
            }
    }

    /// The colour of a value; what lies outside of 0…1 has that of the nearer end, and NaN the lowest.
    package func colour(of value: Float) -> Colour {
        guard value > 0 else { return colours[0] }
        return colours[min(Int(min(value, 1) * 256), 255)]
    }

    private static func parse(_ table: String) -> [Colour] {
        let digits = Array(table)
        return stride(from: 0, to: digits.count - 5, by: 6).map { start in
            Colour(UInt32(String(digits[start..<start + 6]), radix: 16) ?? 0)
        }
    }
}
