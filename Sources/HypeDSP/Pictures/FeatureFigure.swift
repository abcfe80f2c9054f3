import HypeCore

/// Puts axes and a bar of colours around drawn features.
struct FeatureFigure {
    /// What the rows are.
    enum Rows {
        /// Mel bands over a range in Hz.
        case bands(ClosedRange<Double>, count: Int)
        /// Coefficients, with their slopes above them.
        case coefficients(Int, hasSlopes: Bool)
    }

    /// Pixels around the features.
    private enum Margin {
        static let left = 86
        static let top = 26
        static let right = 118
        static let bottom = 66
    }

    private static let background = Colour(0x12141C)
    private static let ink = Colour(0xD5D8E0)
    private static let faint = Colour(0x5B6070)
    private static let text = StrokeFont(size: 11)
    private static let tick = 6
    /// Where the bar of colours stands, right of the features, and how wide it is.
    private static let bar = (gap: 26, width: 16)

    /// The features, drawn.
    let image: PixelBuffer
    /// Their colours.
    let map: ColourMap
    /// When they begin and end.
    let interval: MediaInterval
    /// What they are.
    let rows: Rows
    /// The values of the first and the last colour.
    let levels: ClosedRange<Double>
    /// What these values are.
    let levelTitle: String

    /// Draws the figure.
    func draw() -> PixelBuffer {
        var canvas = Canvas(
            width: image.width + Margin.left + Margin.right,
            height: image.height + Margin.top + Margin.bottom,
            background: Self.background
        )
        canvas.place(image, x: Margin.left, y: Margin.top)
        drawTime(on: &canvas)
        drawRows(on: &canvas)
        drawLevels(on: &canvas)
        return canvas.image
    }

    // MARK: Axes

    private func drawTime(on canvas: inout Canvas) {
        let span = (interval.end - interval.start).inSeconds
        guard span > 0 else { return }
        let base = Margin.top + image.height
        let axis = AxisTicks.time(interval, most: max(1, image.width / 80))
        for tick in axis.ticks {
            let place = Double(image.width) * (tick.value - interval.start.seconds) / span
            let x = Margin.left + min(max(Int(place), 0), image.width - 1)
            canvas.fill(PixelRegion(x: x, y: base + 2, width: 1, height: Self.tick), with: Self.faint)
            centre(tick.label, x: Double(x) + 0.5, y: Double(base) + 25, on: &canvas)
        }
        let middle = Double(Margin.left) + Double(image.width) / 2
        centre(axis.title, x: middle, y: Double(base) + 52, on: &canvas)
    }

    private func drawRows(on canvas: inout Canvas) {
        switch rows {
        case .bands(let range, let count):
            let lowest = MelFilterBank.mel(fromHertz: range.lowerBound)
            let step = (MelFilterBank.mel(fromHertz: range.upperBound) - lowest) / Double(count + 1)
            // Band 0 has its middle one step above the lower end of the range.
            func height(_ frequency: Double) -> Double {
                let row = (MelFilterBank.mel(fromHertz: frequency) - lowest) / step - 0.5
                return Double(image.height) * row / Double(count)
            }
            let ticks = AxisTicks.frequency(range) { height($1) - height($0) >= 24 }
            for tick in ticks { mark(tick.label, at: height(tick.value), on: &canvas) }
            title("frequency (Hz)", x: 24, on: &canvas)
        case .coefficients(let count, hasSlopes: false):
            let cell = Double(image.height) / Double(count)
            let ticks = AxisTicks.linear(0...Double(max(1, count - 1)), most: max(1, min(14, image.height / 24)))
            for tick in ticks where tick.value == tick.value.rounded() && Int(tick.value) < count {
                mark("\(Int(tick.value))", at: cell * (tick.value + 0.5), on: &canvas)
            }
            title("coefficient", x: 24, on: &canvas)
        case .coefficients(_, hasSlopes: true):
            let third = Double(image.height) / 3
            for (index, name) in ["MFCC", "slope", "its slope"].enumerated() {
                let y = Double(Margin.top + image.height) - third * (Double(index) + 0.5)
                let start = y + Self.text.width(of: name) / 2
                Self.text.draw(name, x: 60, y: start, isUpright: true, colour: Self.ink, on: &canvas)
                guard index > 0 else { continue }
                let edge = Margin.top + image.height - Int(third * Double(index))
                let line = PixelRegion(x: Margin.left - 24, y: edge, width: 22 + image.width, height: 1)
                canvas.fill(line, with: Self.ink)
            }
        }
    }

    private func drawLevels(on canvas: inout Canvas) {
        let left = Margin.left + image.width + Self.bar.gap
        let count = image.height
        for row in 0..<count {
            let colour = map.colour(of: (Float(row) + 0.5) / Float(count))
            let y = Margin.top + count - 1 - row
            canvas.fill(PixelRegion(x: left, y: y, width: Self.bar.width, height: 1), with: colour)
        }
        let span = levels.upperBound - levels.lowerBound
        for tick in AxisTicks.linear(levels, most: max(1, min(8, count / 40))) {
            let y = place(Double(count) * (tick.value - levels.lowerBound) / span)
            let x = left + Self.bar.width + 2
            canvas.fill(PixelRegion(x: x, y: y, width: Self.tick, height: 1), with: Self.faint)
            let start = Double(x + Self.tick + 5)
            Self.text.draw(tick.label, x: start, y: Double(y) + 6, colour: Self.ink, on: &canvas)
        }
        title(levelTitle, x: Double(canvas.width) - 12, on: &canvas)
    }

    // MARK: Words

    /// Marks a height above the lower edge, in pixels, on the left axis.
    private func mark(_ label: String, at height: Double, on canvas: inout Canvas) {
        let y = place(height)
        canvas.fill(
            PixelRegion(x: Margin.left - 2 - Self.tick, y: y, width: Self.tick, height: 1),
            with: Self.faint
        )
        let end = Double(Margin.left - 2 - Self.tick - 6)
        let start = end - Self.text.width(of: label)
        Self.text.draw(label, x: start, y: Double(y) + 6, colour: Self.ink, on: &canvas)
    }

    /// The row of the figure at a height above the lower edge of the features.
    private func place(_ height: Double) -> Int {
        Margin.top + image.height - 1 - min(max(Int(height), 0), image.height - 1)
    }

    private func centre(_ label: String, x: Double, y: Double, on canvas: inout Canvas) {
        Self.text.draw(label, x: x - Self.text.width(of: label) / 2, y: y, colour: Self.ink, on: &canvas)
    }

    /// Names an upright axis.
    private func title(_ text: String, x: Double, on canvas: inout Canvas) {
        let middle = Double(Margin.top) + Double(image.height) / 2
        let start = middle + Self.text.width(of: text) / 2
        Self.text.draw(text, x: x, y: start, isUpright: true, colour: Self.ink, on: &canvas)
    }
}
