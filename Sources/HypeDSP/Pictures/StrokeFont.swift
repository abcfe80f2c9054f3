import Foundation

/// Draws letters as soft-edged strokes, in any size, for the few words that a picture needs.
///
/// Digits, small letters, the capitals of `dB`, `Hz` and `MFCC`, and some signs; what it does not know it leaves blank.
struct StrokeFont {
    /// A stretch of a letter, from one point to another.
    struct Stroke {
        var from: SIMD2<Double>
        var to: SIMD2<Double>
    }

    /// A letter: its strokes, baseline at 0 and y upwards, and its width; capitals are 7 high.
    struct Glyph {
        var width: Double
        var strokes: [Stroke]
    }

    /// Space between letters, in the letters' unit.
    private static let gap = 1.3
    /// Height of a capital, in the letters' unit.
    private static let capital = 7.0
    private static let blank = Glyph(width: 1.6, strokes: [])
    private static let glyphs = StrokeFontTable.letters.mapValues(parse)

    /// Height of a capital in pixels.
    let size: Double

    /// Pixels to the letters' unit.
    private var scale: Double { size / Self.capital }

    /// The width of a text in pixels.
    func width(of text: String) -> Double {
        let letters = text.map { Self.glyphs[$0] ?? Self.blank }
        return (letters.reduce(0) { $0 + $1.width + Self.gap } - (letters.isEmpty ? 0 : Self.gap)) * scale
    }

    /// Draws a text.
    ///
    /// - Parameters:
    ///   - text: One line.
    ///   - x: Where it begins.
    ///   - y: Its baseline.
    ///   - isUpright: Whether it is read from the bottom to the top; then `x` is the baseline and `y` the beginning.
    ///   - colour: Its colour.
    ///   - canvas: Where it is drawn.
    func draw(
        _ text: String,
        x: Double,
        y: Double,
        isUpright: Bool = false,
        colour: Colour,
        on canvas: inout Canvas
    ) {
        var cursor = 0.0
        for letter in text {
            let glyph = Self.glyphs[letter] ?? Self.blank
            let strokes = glyph.strokes.map { stroke in
                let ends = [stroke.from, stroke.to].map { point in
                    let along = (cursor + point.x) * scale
                    let above = point.y * scale
                    return isUpright ? SIMD2(x - above, y - along) : SIMD2(x + along, y - above)
                }
                return Stroke(from: ends[0], to: ends[1])
            }
            draw(strokes, colour: colour, on: &canvas)
            cursor += glyph.width + Self.gap
        }
    }

    /// Draws strokes in pixels as one shape, so that they do not darken each other where they meet.
    private func draw(_ strokes: [Stroke], colour: Colour, on canvas: inout Canvas) {
        let points = strokes.flatMap { [$0.from, $0.to] }
        guard let left = points.map(\.x).min(), let right = points.map(\.x).max(),
            let top = points.map(\.y).min(), let bottom = points.map(\.y).max()
        else { return }
        let radius = max(0.6, size * 0.065)
        let margin = radius + 1
        for y in Int(top - margin)...Int(bottom + margin) {
            for x in Int(left - margin)...Int(right + margin) {
                let centre = SIMD2(Double(x) + 0.5, Double(y) + 0.5)
                let distance = strokes.reduce(Double.infinity) { min($0, Self.distance(from: centre, to: $1)) }
                canvas.blend(colour, x: x, y: y, share: radius + 0.5 - distance)
            }
        }
    }

    private static func distance(from point: SIMD2<Double>, to stroke: Stroke) -> Double {
        let along = stroke.to - stroke.from
        let length = (along * along).sum()
        let place = length > 0 ? min(max(((point - stroke.from) * along).sum() / length, 0), 1) : 0
        let offset = point - stroke.from - along * place
        return (offset * offset).sum().squareRoot()
    }

    /// Reads a letter: its width, then `L x y x y …` for a line and `A x y rx ry from to` for an arc in degrees.
    private static func parse(_ description: String) -> Glyph {
        let words = description.split(separator: " ")
        var strokes: [Stroke] = []
        for part in words.dropFirst().split(omittingEmptySubsequences: true, whereSeparator: { $0 == "/" }) {
            let numbers = part.dropFirst().compactMap { Double($0) }
            let points =
                part.first == "A"
                ? arc(numbers)
                : stride(from: 0, to: numbers.count - 1, by: 2).map { SIMD2(numbers[$0], numbers[$0 + 1]) }
            for (from, to) in zip(points, points.dropFirst()) { strokes.append(Stroke(from: from, to: to)) }
        }
        return Glyph(width: words.first.flatMap { Double($0) } ?? 0, strokes: strokes)
    }

    private static func arc(_ numbers: [Double]) -> [SIMD2<Double>] {
        guard numbers.count == 6 else { return [] }
        let steps = max(2, Int(abs(numbers[5] - numbers[4]) / 15))
        return (0...steps).map { step in
            let angle = (numbers[4] + (numbers[5] - numbers[4]) * Double(step) / Double(steps)) * Double.pi / 180
            return SIMD2(numbers[0] + numbers[2] * cos(angle), numbers[1] + numbers[3] * sin(angle))
        }
    }
}
