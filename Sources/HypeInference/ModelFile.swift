package import HypeCatalogue

/// The models that this software runs.
package enum ModelFile: String, CaseIterable, Sendable {
    case faceShortRange = "blazeface-short"
    case faceFullRange = "blazeface-full"
    case sileroVAD = "silero-vad"
    case faceExpression = "face-expression"
    case voiceEmotion = "voice-emotion"
    case fusion
    case faceLandmarks = "face-landmarks"
    case irisLandmarks = "iris-landmarks"
    case yamnet
    case videoMAESmall = "videomae-small-k400"
    case videoMAEBase = "videomae-base-k400"
    case videoMAELarge = "videomae-large-k400"
    case videoMAEEmotion = "videomae-emotion"

    /// Those that watch films clip by clip.
    package static let videoModels: [ModelFile] = [.videoMAESmall, .videoMAEBase, .videoMAELarge, .videoMAEEmotion]

    /// Those that measure attention.
    package static let attentionModels: [ModelFile] = [.faceLandmarks, .irisLandmarks]

    /// What the catalogue says about the model.
    package var entry: CatalogueEntry {
        guard let entry = ModelCatalogue.entry(rawValue) else { preconditionFailure("\(rawValue) is not catalogued") }
        return entry
    }

    /// Name of the net's file.
    package var fileName: String { entry.files[0].name }

    /// SHA-256 of the net's file, 64 hexadecimal digits; nil where a sidecar says it.
    package var pinnedSHA256: String? {
        if case .pinned(let facts) = entry.files[0].check { facts.sha256 } else { nil }
    }

    /// Whether nothing works without the model.
    package var isRequired: Bool { entry.use == .required }
}
