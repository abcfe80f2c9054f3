import Foundation
import HypeCore
import HypeEmotion
import Testing

@Suite
struct SpeechSegmenterTests {
    @Test(arguments: [0, 1, 2])
    func segmentsLikeSilero(walk: Int) throws {
        let expected = try SileroFixture.load().walkSpeech[walk]
        let found = segment(Self.randomWalk(seed: UInt32(walk + 1)))
        #expect(found == expected)
        #expect(found.count > 3)
    }

    @Test
    func realSpeechIsSegmentedLikeSilero() throws {
        let fixture = try SileroFixture.load()
        #expect(segment(fixture.jfk.map { Float($0) }) == fixture.jfkSpeech)
    }

    @Test
    func speechStaysOpenUntilThePauseIsLongEnough() {
        var segmenter = SpeechSegmenter()
        var time = MediaTime.zero
        func push(_ probability: Float) -> MediaInterval? {
            defer { time = time + .milliseconds(32) }
            return segmenter.push(
                probability: probability,
                interval: MediaInterval(start: time, end: time + .milliseconds(32))
            )
        }
        for _ in 0..<20 { #expect(push(0.9) == nil) }
        #expect(segmenter.isSpeech)
        for _ in 0..<4 { #expect(push(0.1) == nil) }
        #expect(!segmenter.isSpeech)
        #expect(segmenter.openInterval == MediaInterval(start: .zero, end: MediaTime(seconds: 0.64)))
        #expect(push(0.1) == MediaInterval(start: .zero, end: MediaTime(seconds: 0.64)))
        #expect(segmenter.openInterval == nil)
    }

    @Test
    func probabilityBetweenTheThresholdsKeepsTheState() {
        var segmenter = SpeechSegmenter()
        let chunk = MediaInterval(seconds: 0..<0.032)
        _ = segmenter.push(probability: 0.45, interval: chunk)
        #expect(!segmenter.isSpeech)
        _ = segmenter.push(probability: 0.6, interval: chunk)
        _ = segmenter.push(probability: 0.4, interval: chunk)
        #expect(segmenter.isSpeech)
    }

    @Test
    func shortSpeechIsDropped() {
        var segmenter = SpeechSegmenter()
        for index in 0..<7 {
            let start = MediaTime.zero + .milliseconds(32 * index)
            _ = segmenter.push(probability: 0.9, interval: MediaInterval(start: start, end: start + .milliseconds(32)))
        }
        #expect(segmenter.finish() == nil)
    }

    /// Speech in samples, as the fixture has it.
    private func segment(_ probabilities: [Float]) -> [[Int]] {
        var segmenter = SpeechSegmenter()
        var found: [MediaInterval] = []
        for (index, probability) in probabilities.enumerated() {
            let interval = MediaInterval(
                start: MediaTime(nanoseconds: Int64(index) * 32_000_000),
                end: MediaTime(nanoseconds: Int64(index + 1) * 32_000_000)
            )
            if let speech = segmenter.push(probability: probability, interval: interval) { found.append(speech) }
        }
        if let last = segmenter.finish() { found.append(last) }
        return found.map { [Int($0.start.nanoseconds / 62_500), Int($0.end.nanoseconds / 62_500)] }
    }

    /// The walk of `Scripts/fixtures/make_voice_fixtures.py`.
    private static func randomWalk(seed: UInt32) -> [Float] {
        var state = seed
        var value = 0.5
        return (0..<600).map { _ in
            state = 1_664_525 &* state &+ 1_013_904_223
            value = min(1, max(0, value + (Double(state) / 4_294_967_296 - 0.5) * 0.6))
            return Float((value * 1000).rounded() / 1000)
        }
    }
}

/// What Silero's Python code computed; see `Scripts/fixtures/make_voice_fixtures.py`.
struct SileroFixture: Decodable {
    let synthetic: [Double]
    let jfk: [Double]
    let jfkSpeech: [[Int]]
    let walkSpeech: [[[Int]]]

    static func load() throws -> SileroFixture {
        try JSONDecoder().decode(SileroFixture.self, from: Data(contentsOf: VoiceTestFiles.fixture("silero.json")))
    }
}
