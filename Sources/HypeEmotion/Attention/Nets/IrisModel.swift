package import HypeCore
package import HypeInference

/// Finds lids and iris of an eye with MediaPipe's Iris.
///
/// Ablavatski et al., "Real-time Pupil Tracking from Monocular Video for Digital Puppetry", 2020. Cut and read-out follow
/// the graph `iris_landmark_cpu` of MediaPipe v0.10.21; the net knows the person's right eye, so the left one is shown
/// to it mirrored. The side of the cut is the distance of the corners itself, where MediaPipe takes the longer side of
/// their upright box, which shrinks when the head leans. Use from one thread at a time; the compiled model may be shared.
package final class IrisModel {
    /// Side of the net's square input in pixels.
    package static let side = 64

    /// Side of an eye's cut, in distances of its corners; MediaPipe's `iris_landmark_landmarks_to_roi`.
    private static let margin: Float = 2.3

    private let request: InferenceRequest
    private let outline: Int
    private let iris: Int
    private let cutter = SquareCutter(side: IrisModel.side)

    /// Creates a reader with memory of its own.
    ///
    /// - Parameter model: The compiled `iris_landmark.tflite` of MediaPipe.
    /// - Throws: ``EmotionError`` with code `.unsuitableModel` where it is another model; what a request throws.
    package init(model: CompiledModel) throws {
        guard
            model.inputs.map(\.shape) == [[1, Self.side, Self.side, 3]],
            let outline = model.outputs.firstIndex(where: { $0.count == 3 * EyePoints.outlineCount }),
            let iris = model.outputs.firstIndex(where: { $0.count == 3 * EyePoints.irisCount })
        else {
            throw EmotionError(
                .unsuitableModel,
                "\(model.name) is not MediaPipe's Iris. Run Scripts/bootstrap to restore it."
            )
        }
        self.outline = outline
        self.iris = iris
        request = try model.makeRequest()
    }

    /// Finds the points of an eye.
    ///
    /// - Parameters:
    ///   - eye: Which eye.
    ///   - mesh: The face, in pixels of the picture.
    ///   - picture: The picture, at least 1×1.
    /// - Returns: Lids and iris; the net gives them for closed and covered eyes too.
    /// - Throws: `InferenceError` where the model fails to run.
    package func points(of eye: Eye, mesh: FaceMesh, in picture: PixelBuffer) throws -> EyePoints {
        let square = Self.square(of: eye, mesh: mesh)
        request.withInput(0) { cutter.fill(&$0, from: picture, square: square) }
        try request.run()
        return EyePoints(
            eye: eye,
            outline: points(outline, count: EyePoints.outlineCount, square: square),
            iris: points(iris, count: EyePoints.irisCount, square: square)
        )
    }

    private func points(_ output: Int, count: Int, square: TurnedSquare) -> [SIMD2<Float>] {
        let scale = 1 / Float(Self.side)
        return request.withOutput(output) { values in
            (0..<count).map { square.picturePoint(SIMD2(values[3 * $0], values[3 * $0 + 1]) * scale) }
        }
    }

    private static func square(of eye: Eye, mesh: FaceMesh) -> TurnedSquare {
        let (outer, inner) = (mesh[eye.outer], mesh[eye.inner])
        let step = outer - inner
        return TurnedSquare(
            center: (outer + inner) / 2,
            side: (step * step).sum().squareRoot() * margin,
            angle: eye == .right
                ? TurnedSquare.angle(from: outer, to: inner) : TurnedSquare.angle(from: inner, to: outer),
            isMirrored: eye == .left
        )
    }
}
