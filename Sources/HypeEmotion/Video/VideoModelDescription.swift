package import Foundation
import HypeCore

/// The JSON file beside a VideoMAE net, which `Training/run videomae export` and `fine-tune` write with it.
package struct VideoModelDescription: Hashable, Sendable, Decodable {
    /// What the classes are.
    package enum Head: String, Hashable, Sendable, Decodable {
        /// Things that people do, such as the 400 of Kinetics.
        case actions
        /// Emotions; every label is one of ``HypeCore/Emotion``.
        case emotions
    }

    /// What the net takes.
    package struct Input: Hashable, Sendable, Decodable {
        /// Name of the port.
        package var name: String
        /// Pictures of a clip, a multiple of ``tubelet``.
        package var frames: Int
        /// Pictures of a token.
        package var tubelet: Int
        /// Columns and rows of a picture.
        package var side: Int
        /// Means of red, green and blue, 0…1, shape `[3]`.
        package var mean: [Float]
        /// Standard deviations of red, green and blue, above 0, shape `[3]`.
        package var std: [Float]
    }

    /// Name of the model, such as `videomae-small-k400`.
    package var name: String
    /// Version of the weights.
    package var version: String
    /// What the classes are.
    package var head: Head
    /// Names of the classes, in the order of the logits.
    package var labels: [String]
    /// What the net takes.
    package var input: Input
    /// Probability of the first answer below which the model abstains, 0…1; 0 where it never does.
    package var threshold: Float
    /// Where the weights come from, in a few words.
    package var source: String
    /// SHA-256 of the net's file, 64 hexadecimal digits.
    package var sha256: String

    /// Largest numbers that are believed, far above those of VideoMAE: a damaged file must not ask for all memory.
    private static let limits = (frames: 256, side: 1024, labels: 100_000)

    /// Reads the description of a net.
    ///
    /// - Parameter model: The net's file; its description has the same name and ends in `.json`.
    /// - Throws: ``EmotionError`` with code `.unsuitableModel` where there is none, or one of no VideoMAE.
    package init(beside model: URL) throws {
        let url = model.deletingPathExtension().appendingPathExtension("json")
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
        } catch {
            throw EmotionError(
                .unsuitableModel,
                "\(url.path), which says what \(model.lastPathComponent) takes and answers, cannot be read or describes "
                    + "no VideoMAE. `Training/run videomae export` writes both.",
                cause: error
            )
        }
        if let fault { throw EmotionError(.unsuitableModel, "\(url.path) \(fault).") }
    }

    /// What makes no sense, as the end of a sentence; nil where all does.
    private var fault: String? {
        if input.frames < 1 || input.frames > Self.limits.frames || input.tubelet < 1
            || input.frames % input.tubelet != 0
        {
            return "asks for \(input.frames) pictures in groups of \(input.tubelet)"
        }
        if !(1...Self.limits.side).contains(input.side) { return "asks for pictures of \(input.side) columns" }
        if input.mean.count != 3 || input.std.count != 3 || !(input.mean + input.std).allSatisfy(\.isFinite)
            || input.std.contains(where: { $0 <= 0 })
        {
            return "does not say mean and deviation of three colours"
        }
        if labels.isEmpty || labels.count > Self.limits.labels { return "names \(labels.count) classes" }
        if !(0...1).contains(threshold) { return "holds a threshold outside of 0…1" }
        if head == .emotions, let unknown = labels.first(where: { Emotion(label: $0) == nil }) {
            return "calls \"\(unknown)\" an emotion, which is none of those known here"
        }
        return nil
    }
}
