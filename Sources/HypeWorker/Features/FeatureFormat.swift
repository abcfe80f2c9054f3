import Foundation

/// What a file of features begins with, frame by frame contains, and ends with.
protocol FeatureFormat: Sendable {
    /// What stands before the first frame.
    func head(frameCount: Int) -> Data
    /// A frame.
    ///
    /// - Parameters:
    ///   - values: The features.
    ///   - index: Number of the frame, from 0.
    /// - Returns: The frame's bytes.
    func frame(_ values: [Float], index: Int) -> Data
    /// What stands behind the last frame.
    var tail: Data { get }
}
