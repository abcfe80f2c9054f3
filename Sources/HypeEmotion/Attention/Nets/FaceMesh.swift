/// The 468 points of a face in one picture.
package struct FaceMesh: Hashable, Sendable {
    /// Number of points.
    package static let count = 468

    /// The points in MediaPipe's order.
    ///
    /// Column and row in pixels of the picture; depth in the same unit, smaller is nearer to the camera, zero at the
    /// middle of the head. Shape `[468]`.
    package var points: [SIMD3<Float>]
    /// How sure the net is that the cut showed a face, 0…1.
    package var presence: Float

    /// Creates a mesh.
    ///
    /// - Precondition: There are 468 points.
    package init(points: [SIMD3<Float>], presence: Float) {
        precondition(points.count == Self.count, "Face Mesh has 468 points")
        self.points = points
        self.presence = presence
    }

    /// A point without its depth, in pixels of the picture.
    ///
    /// - Parameter index: Number of the point, 0…467.
    package subscript(_ index: Int) -> SIMD2<Float> { SIMD2(points[index].x, points[index].y) }

    /// The smallest upright rectangle around all points.
    package var box: FaceBox {
        let low = points.reduce(SIMD3(repeating: .infinity)) { pointwiseMin($0, $1) }
        let high = points.reduce(SIMD3(repeating: -.infinity)) { pointwiseMax($0, $1) }
        return FaceBox(x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y)
    }

    /// Side of the face's cut, in sides of its box; MediaPipe's `face_landmark_landmarks_to_roi`.
    static let margin: Float = 1.5

    /// The cut in which the next picture is expected to show this face.
    var nextSquare: TurnedSquare {
        Self.square(around: box, rightEye: self[Eye.right.outer], leftEye: self[Eye.left.outer])
    }

    /// The cut for a face that only a detector has seen; MediaPipe's `face_detection_front_detection_to_roi`.
    ///
    /// - Parameters:
    ///   - box: The face.
    ///   - rightEye: A point of the person's right eye; the line between the eyes becomes level.
    ///   - leftEye: The same point of the left eye.
    /// - Returns: The cut.
    static func square(around box: FaceBox, rightEye: SIMD2<Float>, leftEye: SIMD2<Float>) -> TurnedSquare {
        TurnedSquare(
            center: box.center,
            side: box.side * margin,
            angle: TurnedSquare.angle(from: rightEye, to: leftEye)
        )
    }
}

/// One of the two eyes, as the person's own.
package enum Eye: String, CaseIterable, Sendable, Codable {
    case right, left

    /// Number of the mesh point in the outer corner.
    var outer: Int { self == .right ? 33 : 263 }
    /// Number of the mesh point in the inner corner.
    var inner: Int { self == .right ? 133 : 362 }
}
