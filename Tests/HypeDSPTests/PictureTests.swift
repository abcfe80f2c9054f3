import HypeCore
import HypeDSP
import Testing

@Suite
struct PictureTests {
    private func colour(_ image: PixelBuffer, _ x: Int, _ y: Int) -> [UInt8] {
        let place = (y * image.width + x) * 3
        return Array(image.bytes[place..<place + 3])
    }

    @Test
    func mapsAreThePublishedOnes() {
        let magma = ColourMap(.magma)
        #expect(magma.colour(of: 0) == Colour(0x000004) && magma.colour(of: 1) == Colour(0xFCFDBF))
        let viridis = ColourMap(.viridis)
        #expect(viridis.colour(of: 0) == Colour(0x440154) && viridis.colour(of: 1) == Colour(0xFDE725))
        #expect(viridis.colours[128] == Colour(0x21918C) && magma.colours[128] == Colour(0xB73779))
        #expect(ColourMap(.grey).colours[77] == Colour(0x4D4D4D))
    }

    @Test(arguments: PictureSettings.Colours.allCases)
    func lightnessRises(name: PictureSettings.Colours) {
        let colours = ColourMap(name).colours
        #expect(colours.count == 256)
        let lightness = colours.map { 0.2126 * Double($0.red) + 0.7152 * Double($0.green) + 0.0722 * Double($0.blue) }
        for (low, high) in zip(lightness, lightness.dropFirst(4)) { #expect(high > low) }
    }

    @Test
    func valuesOutOfRangeTakeTheEnds() {
        let map = ColourMap(.viridis)
        #expect(map.colour(of: -5) == map.colours[0] && map.colour(of: .nan) == map.colours[0])
        #expect(map.colour(of: 5) == map.colours[255] && map.colour(of: .infinity) == map.colours[255])
    }

    @Test
    func aBarePictureHasOnePixelPerCellAndTheLowestBandAtTheBottom() {
        let settings = FeatureSettings(bandCount: 3)
        let style = PictureSettings(colours: .grey, hasAxes: false)
        var picture = FeaturePicture(settings: settings, picture: style, frameCount: 2)
        picture.push([1, 1e-4, 1e-9])
        picture.push([1e-9, 1e-9, 1])
        let image = picture.draw()
        #expect(image.width == 2 && image.height == 3)
        #expect(colour(image, 0, 2) == [255, 255, 255] && colour(image, 1, 0) == [255, 255, 255])
        #expect(colour(image, 0, 0) == [0, 0, 0] && colour(image, 1, 2) == [0, 0, 0])
        // 40 dB down is the middle of 80.
        #expect((127...128).contains(colour(image, 0, 1)[0]))
    }

    @Test
    func silenceIsDarkAndNotBright() {
        let style = PictureSettings(colours: .grey, hasAxes: false)
        var picture = FeaturePicture(settings: FeatureSettings(bandCount: 2), picture: style, frameCount: 4)
        for _ in 0..<4 { picture.push([0, 0]) }
        #expect(picture.draw().bytes.allSatisfy { $0 == 0 })
    }

    @Test
    func anHourIsAveragedDownToABoundedWidth() {
        var means = ColumnMeans(valueCount: 1, frameCount: 360_000, most: 1600)
        for frame in 0..<360_000 { means.push([Float(frame)]) }
        #expect(means.columnCount == 1600 && means.means.count == 1600)
        #expect(abs(means.means[0] - 112) < 0.5 && abs(means.means[1599] - 359_887) < 0.5)
        means.push([1e9])
        #expect(abs(means.means[1599] - 359_887) < 0.5)
    }

    @Test(arguments: [(40, 224), (500, 224), (1, 16)])
    func aWishedSizeIsKept(frames: Int, side: Int) {
        let style = PictureSettings(width: side, height: side, hasAxes: false)
        var picture = FeaturePicture(settings: FeatureSettings(), picture: style, frameCount: frames)
        for frame in 0..<frames { picture.push((0..<80).map { Float($0 * frame) }) }
        let image = picture.draw()
        #expect(image.width == side && image.height == side)
    }

    @Test
    func coefficientsAreDrawnInDeviationsFromTheirOwnMean() {
        let settings = FeatureSettings(kind: .mfcc(count: 2))
        let style = PictureSettings(colours: .grey, hasAxes: false)
        var picture = FeaturePicture(settings: settings, picture: style, frameCount: 2)
        picture.push([-400, 1])
        picture.push([-300, 3])
        let image = picture.draw()
        // One deviation of 2.5 that are drawn, on both rows alike.
        #expect(colour(image, 0, 0) == colour(image, 0, 1) && colour(image, 1, 0) == colour(image, 1, 1))
        #expect(colour(image, 0, 0) == [76, 76, 76] || colour(image, 0, 0) == [77, 77, 77])
        #expect(colour(image, 1, 0)[0] > 150)
    }

    @Test(arguments: [FeatureSettings(), FeatureSettings(kind: .mfcc(count: 13), hasSlopes: true)])
    func axesStandAroundThePictureAndHoldInk(settings: FeatureSettings) {
        var picture = FeaturePicture(settings: settings, picture: PictureSettings(), frameCount: 200)
        for frame in 0..<200 { picture.push((0..<80).map { Float(($0 * frame) % 7) }) }
        let image = picture.draw()
        #expect(image.width > 960 && image.height > 390)
        let corner = colour(image, 0, 0)
        let left = (0..<image.height).flatMap { y in (0..<80).map { colour(image, $0, y) } }
        let below = (image.height - 60..<image.height).flatMap { y in (80..<960).map { colour(image, $0, y) } }
        #expect(left.count { $0 != corner } > 100 && below.count { $0 != corner } > 300)
    }

    // MARK: Axes

    @Test(arguments: [
        (0.0..<2.0, 10, ["0.0", "0.2", "2.0"], "time (s)"), (0.0..<60.0, 12, ["0", "5", "60"], "time (s)"),
        (0.0..<300.0, 10, ["0:00", "0:30", "5:00"], "time (min:s)"),
        (0.0..<7200.0, 8, ["0:00:00", "0:15:00", "2:00:00"], "time (h:min:s)"),
        (0.0..<0.01, 10, ["0.000", "0.001", "0.010"], "time (s)"),
    ])
    func timeHasRoundMarks(seconds: Range<Double>, most: Int, labels: [String], title: String) {
        let axis = AxisTicks.time(MediaInterval(seconds: seconds), most: most)
        #expect(axis.title == title)
        #expect(axis.ticks.prefix(2).map(\.label) + axis.ticks.suffix(1).map(\.label) == labels)
        #expect(axis.ticks.count <= most + 1)
    }

    @Test
    func levelsHaveRoundMarks() {
        #expect(AxisTicks.linear(-80...0, most: 8).map(\.label) == (0...8).map { "\(-80 + 10 * $0)" })
        #expect(AxisTicks.linear(-2.5...2.5, most: 8).map(\.label) == ["-2", "-1", "0", "1", "2"])
        #expect(
            AxisTicks.linear(-0.3...0.3, most: 6).map(\.label) == ["-0.3", "-0.2", "-0.1", "0.0", "0.1", "0.2", "0.3"]
        )
    }

    @Test
    func frequenciesAreOctavesThatAreFarEnoughApart() {
        let all = AxisTicks.frequency(0...8000) { _, _ in true }
        #expect(all.map(\.label) == ["0", "125", "250", "500", "1000", "2000", "4000", "8000"])
        let few = AxisTicks.frequency(0...8000) { $1 - $0 >= 400 }
        #expect(few.map(\.label) == ["0", "500", "1000", "2000", "4000", "8000"])
        let narrow = AxisTicks.frequency(1100...1900) { _, _ in true }
        #expect(narrow.count >= 3 && narrow.allSatisfy { (1100...1900).contains($0.value) })
    }

    @Test
    func marksOfOddRangesNeverRunAway() {
        for (low, span) in [(0.0, 1e-12), (-1e9, 2e9), (5, 0.0), (1e6, 1e-3)] {
            #expect(AxisTicks.linear(low...low + span, most: 8).count <= 12)
            #expect(AxisTicks.time(MediaInterval(seconds: low..<low + span), most: 8).ticks.count <= 12)
        }
    }
}
