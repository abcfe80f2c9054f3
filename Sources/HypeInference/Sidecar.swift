package import Foundation

/// The description that lies beside a model of this repository, `Models/NAME.json`.
///
/// Written by the command that exports the model; thresholds and temperatures ship with the weights they belong to.
package struct Sidecar: Hashable, Sendable, Decodable {
    /// Name of the model, such as `voice-emotion`.
    package var name: String
    /// Version of the weights.
    package var version: String
    /// SHA-256 of the model file that the description belongs to, 64 hexadecimal digits.
    package var sha256: String
    /// Confidence of a single answer below which the model abstains, 0…1.
    package var threshold: Double
    /// Confidence of the answer for a whole clip below which it abstains, 0…1; nil where it is ``threshold``.
    package var clipThreshold: Double?
    /// Temperature of the mean of window probabilities over a clip, above 0; nil where the mean is calibrated as it is.
    package var clipTemperature: Double?

    /// Reads the description of a model.
    ///
    /// - Parameter model: The model file; its description has the same name and ends in `.json`.
    /// - Throws: ``InferenceError`` with code `.modelUnusable` where there is none or a number in it makes no sense.
    package init(beside model: URL) throws {
        let url = model.deletingPathExtension().appendingPathExtension("json")
        do {
            self = try JSONDecoder().decode(Sidecar.self, from: Data(contentsOf: url))
        } catch {
            throw InferenceError(
                .modelUnusable,
                "\(url.path), which says from which confidence \(model.lastPathComponent) may answer, cannot be read. "
                    + "Run `git checkout -- Models` to restore it. (\(error))"
            )
        }
        let thresholds = [threshold, clipThreshold ?? threshold]
        guard thresholds.allSatisfy((0...1).contains), clipTemperature.map({ $0 > 0 && $0.isFinite }) ?? true else {
            throw InferenceError(
                .modelUnusable,
                "\(url.path) holds a threshold outside of 0…1 or a temperature that is not above 0; "
                    + "run `git checkout -- Models` to restore it."
            )
        }
    }
}
