import Foundation
package import HypeCore
package import HypeInference

/// Finds the 468 points of a face with MediaPipe's Face Mesh.
///
/// Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", 2019. Cut and read-out
/// follow the graph `face_landmark_cpu` of MediaPipe v0.10.21. Use from one thread at a time; the compiled model may be
/// shared.
package final class LandmarkModel {
    /// Side of the net's square input in pixels.
    package static let side = 192

    private let request: InferenceRequest
    private let points: Int
    private let presence: Int
    private let cutter = SquareCutter(side: LandmarkModel.side)

    /// Creates a reader with memory of its own.
    ///
    /// - Parameter model: The compiled `face_landmark.tflite` of MediaPipe.
    /// - Throws: ``EmotionError`` with code `.unsuitableModel` where it is another model; what a request throws.
    package init(model: CompiledModel) throws {
        guard
            model.inputs.map(\.shape) == [[1, Self.side, Self.side, 3]],
            let points = model.outputs.firstIndex(where: { $0.count == 3 * FaceMesh.count }),
            let presence = model.outputs.firstIndex(where: { $0.count == 1 })
        else {
            throw EmotionError(
                .unsuitableModel,
                "\(model.name) is not Face Mesh with 468 points. Run Scripts/bootstrap to restore it."
            )
        }
        self.points = points
        self.presence = presence
        request = try model.makeRequest()
    }

    /// Finds the points of a face that a detector has seen.
    ///
    /// - Parameters:
    ///   - face: The face, in pixels of the picture.
    ///   - picture: The picture, at least 1×1.
    /// - Returns: The points; a ``FaceMesh/presence`` below 0.5 means that there is no face there.
    /// - Throws: `InferenceError` where the model fails to run.
    package func mesh(of face: FaceDetection, in picture: PixelBuffer) throws -> FaceMesh {
        try mesh(
            in: FaceMesh.square(around: face.box, rightEye: face[.rightEye], leftEye: face[.leftEye]),
            of: picture
        )
    }

    /// Finds the points of an upright face of which only a box is known.
    ///
    /// - Parameters:
    ///   - box: The face, forehead to chin, in pixels of the picture.
    ///   - picture: The picture, at least 1×1.
    /// - Returns: The points, as for a detected face.
    /// - Throws: `InferenceError` where the model fails to run.
    package func mesh(of box: FaceBox, in picture: PixelBuffer) throws -> FaceMesh {
        try mesh(in: TurnedSquare(center: box.center, side: box.side * FaceMesh.margin, angle: 0), of: picture)
    }

    /// Finds the points of a face where the picture before had it.
    ///
    /// - Parameters:
    ///   - last: The points in the picture before, in pixels of a picture of the same size.
    ///   - picture: The picture, at least 1×1.
    /// - Returns: The points, as for a detected face.
    /// - Throws: `InferenceError` where the model fails to run.
    package func mesh(after last: FaceMesh, in picture: PixelBuffer) throws -> FaceMesh {
        try mesh(in: last.nextSquare, of: picture)
    }

    private func mesh(in square: TurnedSquare, of picture: PixelBuffer) throws -> FaceMesh {
        request.withInput(0) { cutter.fill(&$0, from: picture, square: square) }
        try request.run()
        let scale = 1 / Float(Self.side)
        let found = request.withOutput(points) { values in
            (0..<FaceMesh.count).map { index in
                square.picturePoint(
                    SIMD3(values[3 * index], values[3 * index + 1], values[3 * index + 2]) * scale
                )
            }
        }
        let logit = request.withOutput(presence) { $0[0] }
        return FaceMesh(points: found, presence: 1 / (1 + exp(-logit)))
    }
}
