package import HypeCore

/// Values over time, drawn as colours.
package struct Heatmap: Sendable {
    /// Columns, the earliest first.
    package let columnCount: Int
    /// Rows, the lowest first.
    package let rowCount: Int
    /// What is drawn; 0 has the first colour, 1 the last.
    ///
    /// Shape `[columnCount, rowCount]`.
    package let levels: [Float]
    /// Whether rows are places on one scale, so that what lies between two of them has a meaning.
    package let isContinuous: Bool

    /// Creates a map.
    ///
    /// - Precondition: `levels` holds `columnCount * rowCount` values, at least one.
    package init(columnCount: Int, rowCount: Int, levels: [Float], isContinuous: Bool) {
        precondition(columnCount > 0 && rowCount > 0 && levels.count == columnCount * rowCount, "a level per cell")
        self.columnCount = columnCount
        self.rowCount = rowCount
        self.levels = levels
        self.isContinuous = isContinuous
    }

    /// Draws the map.
    ///
    /// - Parameters:
    ///   - width: Pixels per row; between columns is interpolated.
    ///   - height: Pixels per column; between rows is interpolated where that has a meaning.
    ///   - map: The colours.
    /// - Returns: A picture with the first row at the bottom.
    package func image(width: Int, height: Int, map: ColourMap) -> PixelBuffer {
        var bytes = [UInt8](repeating: 0, count: width * height * 3)
        let columns = Self.places(count: columnCount, pixels: width, isContinuous: true)
        let rows = Self.places(count: rowCount, pixels: height, isContinuous: isContinuous)
        for y in 0..<height {
            let row = rows[height - 1 - y]
            for (x, column) in columns.enumerated() {
                let left = mix(column: column.first, row)
                let right = mix(column: column.second, row)
                let colour = map.colour(of: left + (right - left) * column.share)
                let place = (y * width + x) * 3
                bytes[place] = colour.red
                bytes[place + 1] = colour.green
                bytes[place + 2] = colour.blue
            }
        }
        return PixelBuffer(width: width, height: height, bytes: bytes)
    }

    /// Two neighbours and how much of the second is wanted.
    private struct Place {
        var first: Int
        var second: Int
        var share: Float
    }

    private func mix(column: Int, _ row: Place) -> Float {
        let low = levels[column * rowCount + row.first]
        let high = levels[column * rowCount + row.second]
        return low + (high - low) * row.share
    }

    private static func places(count: Int, pixels: Int, isContinuous: Bool) -> [Place] {
        (0..<pixels).map { pixel in
            let centre = (Float(pixel) + 0.5) * Float(count) / Float(pixels)
            guard isContinuous else {
                let nearest = min(Int(centre), count - 1)
                return Place(first: nearest, second: nearest, share: 0)
            }
            let place = min(max(centre - 0.5, 0), Float(count - 1))
            let first = Int(place)
            return Place(first: first, second: min(first + 1, count - 1), share: place - Float(first))
        }
    }
}
