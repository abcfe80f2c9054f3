import Foundation
import Testing

/// What librosa computed; see `Scripts/fixtures/make_feature_fixtures.py`.
struct FeatureFixture: Decodable {
    /// Some frames of a matrix of values by frames.
    struct Matrix: Decodable {
        let shape: [Int]
        let frames: [Int]
        let values: [[Float]]
        let means: [Float]

        /// Compares all frames of ours with it.
        func check(
            _ ours: [[Float]],
            relative: Float = 0,
            absolute: Float = 1e-3,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            try #require(ours.count == shape[1] && ours.first?.count == shape[0], sourceLocation: sourceLocation)
            for (column, frame) in frames.enumerated() {
                for (row, expected) in values[column].enumerated() {
                    let difference = abs(ours[frame][row] - expected)
                    #expect(
                        difference <= absolute + relative * abs(expected),
                        "row \(row) of frame \(frame): \(ours[frame][row]), librosa \(expected)",
                        sourceLocation: sourceLocation
                    )
                }
            }
            for (row, expected) in means.enumerated() {
                let mean = ours.reduce(0.0) { $0 + Double($1[row]) } / Double(ours.count)
                #expect(
                    abs(Float(mean) - expected) <= absolute + relative * abs(expected),
                    "mean of row \(row)",
                    sourceLocation: sourceLocation
                )
            }
        }
    }

    let mel: [String: Matrix]
    let decibels: [String: Matrix]
    let mfcc: [String: Matrix]

    static func load() throws -> FeatureFixture {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/features", withExtension: "json"))
        return try JSONDecoder().decode(FeatureFixture.self, from: Data(contentsOf: url))
    }
}
