import HypeCore
import HypeDSP
import Testing

/// Mel spectrograms, decibels and MFCC beside librosa's.
@Suite
struct FeatureStreamTests {
    private static let variants: [String: FeatureSettings] = [
        "speech": FeatureSettings(kind: .mel),
        "uncentred": FeatureSettings(kind: .mel, isCentred: false),
        "wholeFrame": FeatureSettings(kind: .mel, window: .milliseconds(32)),
        "oddWindow": FeatureSettings(
            kind: .mel,
            window: .nanoseconds(333 * 62_500),
            hop: .nanoseconds(97 * 62_500),
            transformLength: 400
        ),
        "telephone": FeatureSettings(kind: .mel, bandCount: 40, frequencies: 300...3400),
        "longHop": FeatureSettings(
            kind: .mel,
            bandCount: 20,
            window: .milliseconds(10),
            hop: .nanoseconds(700 * 62_500)
        ),
        "wideBands": FeatureSettings(kind: .mel, bandCount: 128, window: .milliseconds(128), hop: .milliseconds(32)),
    ]

    /// Everything the two streams make of the fixture's signal, pushed in blocks.
    private func features(_ settings: FeatureSettings, block: Int = 4096) throws -> [[Float]] {
        let samples = TestSignals.fixture()
        let mel = try MelStream(settings)
        var power: [[Float]] = []
        for start in stride(from: 0, to: samples.count, by: block) {
            mel.push(samples[start..<min(start + block, samples.count)]) { power.append($0) }
        }
        mel.finish { power.append($0) }
        var stream = try FeatureStream(settings, greatest: power.flatMap { $0 }.max() ?? 0)
        return power.flatMap { stream.push($0) } + stream.finish()
    }

    @Test(arguments: variants.keys.sorted())
    func melSpectrogramEqualsLibrosa(name: String) throws {
        let settings = try #require(Self.variants[name])
        let expected = try #require(FeatureFixture.load().mel[name])
        try expected.check(features(settings), relative: 2e-4, absolute: 1e-6)
    }

    @Test(
        arguments: [
            ("greatest80", FeatureSettings.Reference.greatest, 80.0), ("greatest30", .greatest, 30),
            ("one", .power(1), nil),
            ("fixed60", .power(0.02), 60),
        ] as [(String, FeatureSettings.Reference, Double?)]
    )
    func decibelsEqualLibrosa(name: String, reference: FeatureSettings.Reference, range: Double?) throws {
        let expected = try #require(FeatureFixture.load().decibels[name])
        try expected.check(features(FeatureSettings(kind: .logMel, reference: reference, range: range)))
    }

    @Test(arguments: [13, 20, 40])
    func coefficientsWithSlopesEqualLibrosa(count: Int) throws {
        let expected = try #require(FeatureFixture.load().mfcc["\(count)"])
        let settings = FeatureSettings(kind: .mfcc(count: count), reference: .power(1), range: 80, hasSlopes: true)
        try expected.check(features(settings))
        #expect(settings.names.count == 3 * count)
        #expect(settings.names[count] == "d_mfcc0" && settings.names.last == "dd_mfcc\(count - 1)")
    }

    @Test(arguments: [1, 7, 160, 399, 16_000])
    func blocksOfAnyLengthMakeTheSameFrames(block: Int) throws {
        for settings in Self.variants.values {
            #expect(try features(settings, block: block) == features(settings))
        }
    }

    @Test
    func centredFramesAreOneMoreThanHopsFit() throws {
        for count in [1, 159, 160, 161, 1600] {
            let mel = try MelStream(FeatureSettings())
            var frames = 0
            mel.push([Float](repeating: 0.1, count: count)) { _ in frames += 1 }
            mel.finish { _ in frames += 1 }
            #expect(frames == 1 + count / 160, "\(count) samples")
        }
    }

    @Test
    func silenceIsLowestAndStaysFinite() throws {
        let scale = DecibelScale(reference: .greatest, range: 80, greatest: 0)
        #expect(scale.decibels(of: 0) == 0 && scale.lowest == 0 && scale.highest == 0)
        let fixed = DecibelScale(reference: .power(1), range: nil, greatest: 0)
        #expect(fixed.decibels(of: 0) == -100)
    }

    @Test(arguments: [1, 2, 4, 8, 9, 10, 30])
    func slopesArriveLateButAllOfThem(frames: Int) throws {
        var stream = SlopeStream()
        let series = (0..<frames).map { Float($0 * $0) }
        let rows = series.flatMap { stream.push([$0, -$0]) } + stream.finish()
        #expect(rows.map { $0[0] } == series)
        let expected = (MFCC.delta(of: series), MFCC.delta(of: series, order: 2))
        for (frame, row) in rows.enumerated() {
            #expect(row.count == 6)
            #expect(abs(row[2] - expected.0[frame]) < 1e-3 && abs(row[3] + expected.0[frame]) < 1e-3)
            #expect(abs(row[4] - expected.1[frame]) < 1e-3)
        }
        // The curve is x², whose second derivative is 2 everywhere.
        if frames >= 9 { #expect(rows.allSatisfy { abs($0[4] - 2) < 1e-3 }) }
    }

    @Test
    func bandsNarrowerThanTheTransformAreCounted() throws {
        #expect(try MelStream(FeatureSettings()).emptyBands == 0)
        #expect(try MelStream(FeatureSettings(bandCount: 256)).emptyBands > 0)
    }

    @Test(arguments: [
        FeatureSettings(kind: .mfcc(count: 81)), FeatureSettings(kind: .mfcc(count: 0)), FeatureSettings(bandCount: 0),
        FeatureSettings(bandCount: 257), FeatureSettings(window: .milliseconds(1)),
        FeatureSettings(window: .seconds(2)),
        FeatureSettings(hop: .zero), FeatureSettings(hop: .seconds(-1)), FeatureSettings(transformLength: 401),
        FeatureSettings(transformLength: 256), FeatureSettings(frequencies: 0...9000),
        FeatureSettings(frequencies: -1...100), FeatureSettings(frequencies: 100...100),
        FeatureSettings(reference: .power(0)), FeatureSettings(reference: .power(.nan)), FeatureSettings(range: 0),
        FeatureSettings(window: .seconds(Int64.max)), FeatureSettings(range: .infinity),
    ])
    func impossibleSettingsAreRefusedWithASentence(settings: FeatureSettings) throws {
        #expect(settings.mistake?.hasSuffix(".") == true)
        #expect { try MelStream(settings) } throws: { ($0 as? DSPError)?.code == .invalidSetting }
        #expect { try FeatureStream(settings, greatest: 1) } throws: { ($0 as? DSPError)?.code == .invalidSetting }
    }
}
