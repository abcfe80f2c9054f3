/// How features are drawn.
package struct PictureSettings: Hashable, Sendable, Codable {
    /// The colours from the lowest to the highest value, each evenly spaced for the eye.
    package enum Colours: String, Hashable, Sendable, Codable, CaseIterable {
        /// Black over purple and orange to pale yellow.
        case magma
        /// Dark purple over green to yellow.
        case viridis
        /// Black to white.
        case grey
    }

    /// The sizes that a picture may have, in pixels per side.
    package static let sides = 16...4096

    /// The colours.
    package var colours: Colours
    /// Columns of the drawn values, within ``sides``; nil for what suits the sound.
    package var width: Int?
    /// Rows of the drawn values, within ``sides``; nil for what suits the number of values.
    package var height: Int?
    /// Whether axes and a bar that explains the colours are drawn around the values.
    package var hasAxes: Bool

    /// Creates settings.
    package init(colours: Colours = .magma, width: Int? = nil, height: Int? = nil, hasAxes: Bool = true) {
        self.colours = colours
        self.width = width
        self.height = height
        self.hasAxes = hasAxes
    }

    /// What is wrong with the settings, as a sentence for a person; nil where nothing is.
    package var mistake: String? {
        guard [width, height].allSatisfy({ $0.map(Self.sides.contains) ?? true }) else {
            return "A picture's sides have \(Self.sides.lowerBound) to \(Self.sides.upperBound) pixels."
        }
        return nil
    }
}
