import Foundation
import HypeCatalogue
import HypeDigest
import HypeInference
import HypeMedia
import HypeWorkerLink

extension ModelIdentity {
    /// Describes a model file by the description beside it, or where the catalogue pins it by that, and by its own checksum.
    init(of model: ModelFile, in locator: ModelLocator) throws {
        let url = try locator.url(of: model)
        let digest = try FileDigest(ofFile: url.path).sha256
        if let pinned = model.pinnedSHA256 {
            let warning = "\(url.lastPathComponent) is not the file that was released. Run: hypeclip models verify"
            self.init(
                name: model.rawValue,
                version: model.entry.version ?? "",
                sha256: digest,
                threshold: 0,
                warning: digest == pinned ? nil : warning
            )
            return
        }
        // The description has the model's name, which is not that of the file where a model is more than a net.
        let sidecar = try Sidecar(beside: url.deletingLastPathComponent().appending(path: model.rawValue + ".onnx"))
        self.init(
            name: sidecar.name,
            version: sidecar.version,
            sha256: digest,
            threshold: sidecar.clipThreshold ?? sidecar.threshold,
            warning: digest == sidecar.sha256
                ? nil
                : "\(url.lastPathComponent) is not the file that \(sidecar.name).json describes: its confidences and "
                    + "the threshold may not fit. Run `git checkout -- Models` to restore both."
        )
    }
}
