import Foundation
package import HypeInference

/// What `Models/fusion.json` says, which `Training/run fusion` writes.
///
/// The numbers of late fusion, the thresholds of early fusion, and whose answers both were fitted to.
package struct FusionDescription: Hashable, Sendable, Decodable {
    /// A net whose answers are joined.
    package struct Net: Hashable, Sendable, Decodable {
        /// Name of the model, such as `voice-emotion`.
        package let name: String
        /// Version of its weights.
        package let version: String
        /// SHA-256 of its file, 64 hexadecimal digits.
        package let sha256: String
    }

    /// The head over both embeddings.
    package struct Early: Hashable, Sendable, Decodable {
        /// Confidence below which an answer of each way abstains, 0…1.
        package let thresholds: [FusionWay: Double]
        /// Length of the face's embedding.
        package let face: Int
        /// Length of the voice's embedding.
        package let voice: Int
    }

    /// Version of the fusion.
    package let version: String
    /// SHA-256 of `fusion-early.onnx`, 64 hexadecimal digits.
    package let sha256: String
    /// The nets that both were fitted to: face, then voice.
    package let nets: [Net]
    /// The pool of each way.
    package let late: [FusionWay: OpinionPool]
    /// The head.
    package let early: Early

    /// Reads the description of the fusion.
    ///
    /// - Parameter models: Where the files lie; the description lies beside `fusion-early.onnx`.
    /// - Throws: `InferenceError` with code `.modelMissing`, or `.modelUnusable` where it cannot be read or a number in it
    ///   makes no sense.
    package init(models: ModelLocator) throws {
        let url = try models.url(of: .fusion).deletingLastPathComponent().appendingPathComponent("fusion.json")
        let remedy = "Run `git checkout -- Models` to restore it."
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
        } catch {
            throw InferenceError(.modelUnusable, "\(url.path) cannot be read. \(remedy)", cause: "\(error)")
        }
        guard isValid else {
            throw InferenceError(.modelUnusable, "\(url.path) holds numbers that make no sense. \(remedy)")
        }
    }

    /// Whether each way has a pool that fits it and a threshold in 0…1.
    private var isValid: Bool {
        guard let face = late[.face], let voice = late[.voice], let both = late[.both], nets.count == 2 else {
            return false
        }
        return [face, voice, both].allSatisfy(\.isValid) && face.shares.voice == 0 && voice.shares.face == 0
            && FusionWay.allCases.allSatisfy { early.thresholds[$0].map((0...1).contains) ?? false }
    }
}
