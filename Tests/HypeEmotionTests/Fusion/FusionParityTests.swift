import Foundation
import HypeCore
import HypeEmotion
import Testing

/// Both fusions against the Python reference, within 1e-4.
///
/// `python -m hypetrain.fusion parity` writes the fixture; both sides compute the readings from the same formula.
@Suite(.enabled(if: FusionTestModels.isThere, "needs Models/fusion-early.onnx"))
struct FusionParityTests {
    @Test
    func fixtureBelongsToTheFusionInTheRepository() throws {
        let description = try FusionTestModels.shipped.get().description
        #expect(try FusionParity.load().sha256 == description.sha256, "run python -m hypetrain.fusion parity")
    }

    @Test(arguments: 0..<9)
    func fusionsAnswerLikeTheReference(index: Int) throws {
        let wanted = try FusionParity.load().cases[index]
        let models = try FusionTestModels.shipped.get()
        let (face, voice) = wanted.readings(models.description)
        #expect(FusionWay.chosen(face: face, voice: voice) == wanted.way)
        let late = try #require(try models.late.fuse(face: face, voice: voice))
        try wanted.late.expectEqual(late, "late, \(wanted.name)")
        let early = try #require(try models.makeEarly().fuse(face: face, voice: voice))
        try wanted.early.expectEqual(early, "early, \(wanted.name)")
    }

    @Test
    func everyWayAndMoreThanOneAnswerOccurs() throws {
        let cases = try FusionParity.load().cases
        #expect(Set(cases.map(\.way)) == Set(FusionWay.allCases))
        #expect(Set(cases.map { $0.late.scores.firstIndex(of: $0.late.scores.max() ?? 0) }).count > 2)
    }
}

/// What the reference computed.
private struct FusionParity: Decodable {
    struct Answer: Decodable {
        let scores: [Double]
        let threshold: Double
        let shares: [Double]

        func expectEqual(_ reading: FusedReading, _ name: String) throws {
            try #require(scores.count == Emotion.basic.count)
            for (emotion, wanted) in zip(Emotion.basic, scores) {
                #expect(abs(Double(reading.scores[emotion]) - wanted) <= 1e-4, "\(emotion), \(name)")
            }
            #expect(reading.scores[.calm] == 0)
            #expect(abs(Double(reading.threshold) - threshold) < 1e-6)
            #expect(abs(Double(reading.shares.face) - shares[0]) <= 1e-3, "share of the face, \(name)")
            #expect(abs(Double(reading.shares.voice) - shares[1]) <= 1e-3, "share of the voice, \(name)")
        }
    }

    struct Case: Decodable {
        let name: String
        let seed: UInt32
        let sharpness: Double
        let face: Double?
        let voice: Double?
        let way: FusionWay
        let late: Answer
        let early: Answer

        func readings(_ description: FusionDescription) -> (face: BranchReading?, voice: BranchReading?) {
            var (first, second) = (ReadingSource(seed: seed), ReadingSource(seed: seed + 100))
            let (wide, wider) = (description.early.face, description.early.voice)
            return (
                face.map { first.reading(sharpness: sharpness, emotions: 7, width: wide, threshold: $0) },
                voice.map { second.reading(sharpness: sharpness, emotions: 8, width: wider, threshold: $0) }
            )
        }
    }

    let sha256: String
    let cases: [Case]

    static func load() throws -> FusionParity {
        let url = try #require(Bundle.module.url(forResource: "Parity/fusion", withExtension: "json"))
        return try JSONDecoder().decode(FusionParity.self, from: Data(contentsOf: url))
    }
}
