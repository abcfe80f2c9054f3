/// The model files that this software works with.
package enum ModelFile: String, CaseIterable, Sendable {
    case faceShortRange, faceFullRange, sileroVAD, faceExpression, voiceEmotion

    /// Where a model file comes from.
    package enum Origin: Sendable {
        /// Unpacked from a package of the Python registry by `Scripts/bootstrap`.
        case wheel
        /// Part of this repository.
        case repository
    }

    /// Name of the file.
    package var fileName: String {
        switch self {
        case .faceShortRange: "face_detection_short_range.tflite"
        case .faceFullRange: "face_detection_full_range_sparse.tflite"
        case .sileroVAD: "silero_vad_openvino_16k.onnx"
        case .faceExpression: "face-expression.onnx"
        case .voiceEmotion: "voice-emotion.onnx"
        }
    }

    /// What the model does, in words for a person.
    package var purpose: String {
        switch self {
        case .faceShortRange: "finds faces near the camera"
        case .faceFullRange: "finds small faces"
        case .sileroVAD: "tells speech from other sound"
        case .faceExpression: "reads the expression of a face"
        case .voiceEmotion: "reads the emotion of a voice"
        }
    }

    /// Where the file comes from.
    package var origin: Origin {
        switch self {
        case .faceShortRange, .faceFullRange, .sileroVAD: .wheel
        case .faceExpression, .voiceEmotion: .repository
        }
    }

    /// The command that brings the file.
    package var remedy: String {
        switch origin {
        case .wheel: "Run Scripts/bootstrap to get it."
        case .repository: "It is part of the repository: run `git checkout -- Models/\(fileName)` to restore it."
        }
    }
}
