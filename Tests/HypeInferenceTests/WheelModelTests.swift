import Foundation
import HypeInference
import Testing

/// Outputs of the models from the wheels against the Python runtime of the same build.
///
/// OpenVINO 2026.4.1, f32, AMX capped off, on inputs that a formula makes. Other processors choose other kernels, hence
/// the tolerances.
@Suite
struct WheelModelTests {
    private let core: InferenceCore
    private let locator = ModelLocator(directories: [wheelModels])

    init() throws {
        core = try InferenceCore()
    }

    @Test(.enabled(if: hasWheelModel("face_detection_short_range.tflite"), "needs Scripts/bootstrap"))
    func blazeFaceMatchesPython() throws {
        let model = try core.load(locator.url(of: .faceShortRange))
        let input: [Float] = (0..<49_152).map { (index: Int) -> Float in Float(index % 97) / 48 - 1 }
        let outputs = try model.makeRequest().run([input])
        let regressors = outputs[try model.outputIndex("regressors")]
        let scores = outputs[try model.outputIndex("classificators")]
        #expect(scores.count == 896)
        #expect(scores.indices.max { scores[$0] < scores[$1] } == 483)
        #expect(abs(scores[483] - -3.6331244) < 1e-3)
        #expect(abs(scores[0] - -4.948703) < 1e-3)
        #expect(abs(regressors[0] - 0.759571671) < 1e-3)
        #expect(abs(regressors[2] - 26.1279449) < 1e-3)
    }

    @Test(.enabled(if: hasWheelModel("silero_vad_openvino_16k.onnx"), "needs Scripts/bootstrap"))
    func sileroCarriesItsStateLikePython() throws {
        let model = try core.load(locator.url(of: .sileroVAD))
        let request = try model.makeRequest()
        let input = try model.inputIndex("input")
        let state = try model.inputIndex("state")
        let nextState = try model.outputIndex("stateN")
        for (round, expected) in [Float(0.00205994), 0.00296511, 0.00203869].enumerated() {
            let samples = (0..<576).map { (index: Int) -> Float in
                let step = (index * 7 + round * 13) % 101
                return (Float(step) / 50 - 1) * 0.5
            }
            try request.setInput(samples, at: input)
            try request.run()
            #expect(abs(request.output(try model.outputIndex("output"))[0] - expected) < 1e-5)
            try request.setInput(request.output(nextState), at: state)
        }
        #expect(abs(request.output(nextState)[1] - 0.27524015) < 1e-4)
    }
}
