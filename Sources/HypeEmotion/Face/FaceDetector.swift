package import HypeCore
package import HypeInference

/// Finds faces in pictures with one of the BlazeFace nets.
///
/// Use from one thread at a time; the compiled model may be shared between detectors.
package final class FaceDetector {
    /// Which net it is.
    package let range: BlazeFaceDecoder.Range

    private let decoder: BlazeFaceDecoder
    private let request: InferenceRequest
    private let regressors: Int
    private let scores: Int
    private var resampler: PictureResampler

    /// Creates a detector.
    ///
    /// - Parameters:
    ///   - range: Which net the model is.
    ///   - model: The compiled `.tflite` of MediaPipe.
    /// - Throws: ``EmotionError`` with code `.unsuitableModel` where it is another model; what a request throws.
    package init(range: BlazeFaceDecoder.Range, model: CompiledModel) throws {
        let decoder = BlazeFaceDecoder(range: range)
        let count = decoder.anchors.count
        guard
            model.inputs.map(\.shape) == [[1, decoder.inputSide, decoder.inputSide, 3]],
            let regressors = model.outputs.firstIndex(where: {
                $0.shape == [1, count, BlazeFaceDecoder.regressorsPerAnchor]
            }),
            let scores = model.outputs.firstIndex(where: { $0.shape == [1, count, 1] })
        else {
            throw EmotionError(
                .unsuitableModel,
                "\(model.name) is not BlazeFace (\(range.rawValue) range). Run Scripts/bootstrap to restore it."
            )
        }
        self.range = range
        self.decoder = decoder
        self.regressors = regressors
        self.scores = scores
        request = try model.makeRequest()
        resampler = PictureResampler(side: decoder.inputSide)
    }

    /// Finds the faces in a picture or in a square part of it.
    ///
    /// - Parameters:
    ///   - picture: The picture.
    ///   - square: The part to look at; nil for the whole picture, letterboxed.
    /// - Returns: Faces in coordinates of the whole picture, the surest first.
    /// - Throws: `InferenceError` where the model fails to run.
    package func detect(in picture: PixelBuffer, square: FaceBox? = nil) throws -> [FaceDetection] {
        let whole = FaceBox(x: 0, y: 0, width: Float(picture.width), height: Float(picture.height))
        let square = square ?? whole.square(scaledBy: 1)
        request.withInput(0) { resampler.fill(&$0, from: picture, square: square) }
        try request.run()
        let faces = request.withOutput(regressors) { regressors in
            request.withOutput(scores) { decoder.decode(regressors: regressors, scores: $0) }
        }
        let origin = SIMD2(square.x, square.y)
        return faces.map { face in
            FaceDetection(
                box: FaceBox(
                    x: origin.x + face.box.x * square.width,
                    y: origin.y + face.box.y * square.width,
                    width: face.box.width * square.width,
                    height: face.box.height * square.width
                ),
                keypoints: face.keypoints.map { origin + $0 * square.width },
                confidence: face.confidence
            )
        }
    }
}
