import HypeDSP
import Testing

@Suite
struct MFCCTests {
    @Test(arguments: [13, 20, 40])
    func equalsLibrosa(count: Int) throws {
        let fixture = try LogMelFixture.load()
        let transform = try MFCC(count: count)
        for (column, energies) in fixture.logMel.enumerated() {
            let coefficients = transform.coefficients(of: energies)
            #expect(coefficients.count == count)
            for (actual, expected) in zip(coefficients, fixture.mfcc[column]) {
                #expect(abs(actual - expected) <= 1e-3)
            }
        }
    }

    @Test
    func deltaEqualsLibrosa() throws {
        let fixture = try LogMelFixture.load()
        let rows = try MFCC(count: 1).coefficients(of: LogMel().spectrogram(of: TestSignals.fixture()))
        for (actual, expected) in zip(rows[0], fixture.firstCoefficient) { #expect(abs(actual - expected) <= 1e-3) }
        let delta = MFCC.delta(of: fixture.firstCoefficient)
        #expect(delta.count == fixture.firstCoefficientDelta.count)
        for (actual, expected) in zip(delta, fixture.firstCoefficientDelta) { #expect(abs(actual - expected) <= 1e-4) }
    }

    @Test
    func deltaOfAShortSeriesIsFlat() {
        #expect(MFCC.delta(of: [1, 2, 3]) == [0, 0, 0])
    }

    @Test(arguments: [0, 81])
    func impossibleCountsAreRefused(count: Int) {
        #expect { try MFCC(count: count) } throws: { ($0 as? DSPError)?.code == .invalidSetting }
    }
}
