import Foundation
import HypeCore
import HypeDSP
import Testing

@Suite
struct LogMelTests {
    @Test
    func equalsLibrosa() throws {
        let fixture = try LogMelFixture.load()
        let spectrogram = try LogMel().spectrogram(of: TestSignals.fixture())
        #expect(spectrogram.frameCount == fixture.frameCount)
        for (column, frame) in fixture.frames.enumerated() {
            for band in 0..<80 {
                let difference = abs(spectrogram[band, frame] - fixture.logMel[column][band])
                #expect(difference <= 1e-4, "band \(band) of frame \(frame) differs by \(difference)")
            }
        }
        for band in 0..<80 {
            let row = (0..<spectrogram.frameCount).map { spectrogram[band, $0] }
            #expect(abs(row.reduce(0, +) / Float(row.count) - fixture.bandMeans[band]) <= 1e-4)
        }
    }

    @Test
    func windowOfTwoSecondsHas197FramesInBandMajorOrder() throws {
        let spectrogram = try LogMel().spectrogram(of: TestSignals.sine(1000, seconds: 2))
        #expect(spectrogram.frameCount == 197)
        #expect(spectrogram.values.count == 80 * 197)
        #expect(spectrogram.values[40 * 197 + 5] == spectrogram[40, 5])
    }

    @Test
    func silenceIsTheFloor() throws {
        let spectrogram = try LogMel().spectrogram(of: [Float](repeating: 0, count: 1024))
        #expect(spectrogram.values.allSatisfy { $0 == log(LogMel.floor) })
    }

    @Test(arguments: [0, 1, 511])
    func tooFewSamplesMakeNoFrame(count: Int) throws {
        #expect(try LogMel().spectrogram(of: [Float](repeating: 0.1, count: count)).frameCount == 0)
    }

    @Test(arguments: [1, 7, 160, 333, 512, 4096, 16_000])
    func blocksOfAnyLengthMakeTheSameFrames(blockLength: Int) throws {
        let samples = Array(TestSignals.fixture().prefix(4000))
        let whole = try LogMel().spectrogram(of: samples)
        let stream = try LogMelStream()
        var frames: [LogMelFrame] = []
        for start in stride(from: 0, to: samples.count, by: blockLength) {
            let time = MediaTime(seconds: 5) + .nanoseconds(Int64(start) * 62_500)
            let block = Array(samples[start..<min(start + blockLength, samples.count)])
            frames += stream.push(AudioBlock(start: time, samples: block))
        }
        #expect(frames.count == whole.frameCount)
        for (index, frame) in frames.enumerated() {
            #expect(frame.energies == (0..<80).map { whole[$0, index] })
            #expect(frame.time == MediaTime(seconds: 5) + .milliseconds(10 * index))
        }
    }

    @Test
    func framingStartsAnewAfterABreak() throws {
        let stream = try LogMelStream()
        let block = [Float](repeating: 0.1, count: 600)
        #expect(stream.push(AudioBlock(start: .zero, samples: block)).map(\.time) == [.zero])
        let later = MediaTime(seconds: 3)
        #expect(stream.push(AudioBlock(start: later, samples: block)).map(\.time) == [later])
    }
}

/// What librosa computed; see `Scripts/fixtures/make_dsp_fixtures.py`.
struct LogMelFixture: Decodable {
    let frameCount: Int
    let frames: [Int]
    let logMel: [[Float]]
    let bandMeans: [Float]
    let mfcc: [[Float]]
    let firstCoefficient: [Float]
    let firstCoefficientDelta: [Float]

    static func load() throws -> LogMelFixture {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/logmel", withExtension: "json"))
        return try JSONDecoder().decode(LogMelFixture.self, from: Data(contentsOf: url))
    }
}
