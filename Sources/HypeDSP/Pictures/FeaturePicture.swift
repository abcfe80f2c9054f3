package import HypeCore

/// Draws features: collects frames as they arrive, averaged down to a bounded width, and makes a picture of them.
///
/// Mel bands are drawn in dB below the loudest place, whatever kind of mel features was asked for. Coefficients differ in
/// size by a hundred, so each is drawn in standard deviations from its mean.
package struct FeaturePicture {
    /// Columns of the values where nothing else is asked for: enough for a screen, and one per frame up to a few seconds.
    private static let usualWidth = 960
    private static let greatestWidth = 1600
    /// Rows of the values where nothing else is asked for.
    private static let usualHeight = 400
    /// The range in dB where the settings have none.
    private static let usualRange = 80.0
    /// Coefficients are drawn up to this many standard deviations from the mean.
    private static let deviations = 2.5

    private let settings: FeatureSettings
    private let picture: PictureSettings
    private let interval: MediaInterval
    private var columns: ColumnMeans

    /// Whether ``push(_:)`` takes power per mel band, and not the features.
    package let takesPower: Bool

    /// Prepares a picture.
    ///
    /// - Parameters:
    ///   - settings: What the features are.
    ///   - picture: How they are drawn.
    ///   - frameCount: Frames that will come, at least 1.
    ///   - start: Time of the first frame.
    package init(
        settings: FeatureSettings,
        picture: PictureSettings,
        frameCount: Int,
        start: MediaTime = .zero
    ) {
        self.settings = settings
        self.picture = picture
        if case .mfcc = settings.kind { takesPower = false } else { takesPower = true }
        let valueCount = takesPower ? settings.bandCount : settings.names.count
        let usual = picture.hasAxes ? Self.greatestWidth : PictureSettings.sides.upperBound
        columns = ColumnMeans(valueCount: valueCount, frameCount: frameCount, most: picture.width ?? usual)
        let half = settings.hop / 2
        let end = start + settings.hop * (frameCount - 1)
        interval = MediaInterval(start: start - half, end: end + half)
    }

    /// Takes the next frame.
    ///
    /// - Parameter values: Power per band or the features, as ``takesPower`` says.
    package mutating func push(_ values: [Float]) { columns.push(values) }

    /// Draws what was collected.
    package func draw() -> PixelBuffer {
        let scale = takesPower ? powerScale() : nil
        let map = ColourMap(picture.colours)
        let heatmap = Heatmap(
            columnCount: columns.columnCount,
            rowCount: columns.valueCount,
            levels: scale.map(decibelLevels) ?? deviationLevels(),
            isContinuous: takesPower
        )
        let image = heatmap.image(width: width, height: height, map: map)
        guard picture.hasAxes else { return image }
        let levels =
            scale.map { Double($0.lowest)...Double(max($0.highest, $0.lowest + 1)) }
            ?? -Self.deviations...Self.deviations
        return FeatureFigure(
            image: image,
            map: map,
            interval: interval,
            rows: rows,
            levels: levels,
            levelTitle: takesPower ? "level (dB)" : "standard deviations"
        ).draw()
    }

    // MARK: Size

    private var width: Int {
        picture.width ?? (picture.hasAxes ? max(Self.usualWidth, columns.columnCount) : columns.columnCount)
    }

    private var height: Int {
        if let height = picture.height { return height }
        guard picture.hasAxes else { return columns.valueCount }
        if takesPower { return max(Self.usualHeight, columns.valueCount) }
        return columns.valueCount * max(1, Self.usualHeight / columns.valueCount)
    }

    private var rows: FeatureFigure.Rows {
        if takesPower { return .bands(settings.frequencies, count: columns.valueCount) }
        return .coefficients(settings.valueCount, hasSlopes: settings.hasSlopes)
    }

    // MARK: Levels

    private func powerScale() -> DecibelScale {
        DecibelScale(
            reference: settings.reference,
            range: settings.range ?? Self.usualRange,
            greatest: columns.means.max() ?? 0
        )
    }

    private func decibelLevels(_ scale: DecibelScale) -> [Float] {
        let span = scale.highest - scale.lowest
        return columns.means.map { span > 0 ? (scale.decibels(of: $0) - scale.lowest) / span : 0 }
    }

    private func deviationLevels() -> [Float] {
        let (means, rowCount) = (columns.means, columns.valueCount)
        var levels = means
        for row in 0..<rowCount {
            let places = Array(stride(from: row, to: means.count, by: rowCount))
            let mean = places.reduce(0) { $0 + Double(means[$1]) } / Double(places.count)
            let variance = places.reduce(0) { $0 + (Double(means[$1]) - mean) * (Double(means[$1]) - mean) }
            let deviation = max((variance / Double(places.count)).squareRoot(), 1e-6)
            for place in places {
                levels[place] = Float((Double(means[place]) - mean) / deviation / (2 * Self.deviations) + 0.5)
            }
        }
        return levels
    }
}
