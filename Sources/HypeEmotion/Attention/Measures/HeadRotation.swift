/// The rotation of a head, as a unit quaternion; right in the picture, up, towards the camera.
struct HeadRotation: Hashable, Sendable {
    /// Scalar part first.
    private let quaternion: SIMD4<Double>

    /// The rotation that brings the mean face onto a face with the least weighted squares.
    init(of mesh: FaceMesh) {
        self.init(
            from: FaceShape.points.map(\.place),
            onto: FaceShape.points.map { mesh.points[$0.index] * SIMD3(1, -1, -1) },
            weights: FaceShape.points.map(\.weight)
        )
    }

    /// The rotation that brings points onto others with the least weighted squares, whatever shift and scale go with it.
    ///
    /// - Precondition: The three have the same length.
    init(from source: [SIMD3<Float>], onto target: [SIMD3<Float>], weights: [Float]) {
        precondition(source.count == target.count && source.count == weights.count, "points come in pairs")
        let total = Double(weights.reduce(0, +))
        let middle = { (points: [SIMD3<Float>]) -> SIMD3<Double> in
            zip(points, weights).reduce(.zero) { $0 + SIMD3<Double>($1.0) * Double($1.1) } / total
        }
        let (sourceMiddle, targetMiddle) = (middle(source), middle(target))
        // The weighted products of the coordinates, source across target.
        var (x, y, z) = (SIMD3<Double>.zero, SIMD3<Double>.zero, SIMD3<Double>.zero)
        for index in source.indices {
            let from = (SIMD3<Double>(source[index]) - sourceMiddle) * Double(weights[index])
            let to = SIMD3<Double>(target[index]) - targetMiddle
            x += to * from.x
            y += to * from.y
            z += to * from.z
        }
        // Horn's matrix; its eigenvector of the greatest eigenvalue is the rotation.
        let (xx, yy, zz) = (x.x, y.y, z.z)
        let (fromX, fromY, fromZ) = (y.z - z.y, z.x - x.z, x.y - y.x)
        let (xy, xz, yz) = (x.y + y.x, z.x + x.z, y.z + z.y)
        let matrix: [SIMD4<Double>] = [
            SIMD4<Double>(xx + yy + zz, fromX, fromY, fromZ),
            SIMD4<Double>(fromX, xx - yy - zz, xy, xz),
            SIMD4<Double>(fromY, xy, yy - xx - zz, yz),
            SIMD4<Double>(fromZ, xz, yz, zz - xx - yy),
        ]
        quaternion = Self.leadingEigenvector(of: matrix)
    }

    /// The direction of the face.
    var forward: SIMD3<Float> { apply(SIMD3(0, 0, 1)) }

    /// A direction of the head as the camera sees it.
    func apply(_ direction: SIMD3<Float>) -> SIMD3<Float> {
        let axis = SIMD3(quaternion.y, quaternion.z, quaternion.w)
        let direction = SIMD3<Double>(direction)
        let turned = Self.cross(axis, direction) + direction * quaternion.x
        return SIMD3<Float>(direction + Self.cross(axis, turned) * 2)
    }

    private static func cross(_ left: SIMD3<Double>, _ right: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(
            left.y * right.z - left.z * right.y,
            left.z * right.x - left.x * right.z,
            left.x * right.y - left.y * right.x
        )
    }

    /// The eigenvector of a symmetric matrix's greatest eigenvalue, by Jacobi's rotations.
    private static func leadingEigenvector(of symmetric: [SIMD4<Double>]) -> SIMD4<Double> {
        var matrix = symmetric
        // Rows become eigenvectors.
        var vectors: [SIMD4<Double>] = [
            SIMD4(1, 0, 0, 0), SIMD4(0, 1, 0, 0), SIMD4(0, 0, 1, 0), SIMD4(0, 0, 0, 1),
        ]
        for _ in 0..<16 {
            for row in 0..<3 {
                for column in row + 1..<4 where abs(matrix[row][column]) > 1e-15 {
                    let slope = (matrix[column][column] - matrix[row][row]) / (2 * matrix[row][column])
                    let tangent = (slope < 0 ? -1 : 1) / (abs(slope) + (slope * slope + 1).squareRoot())
                    let cosine = 1 / (tangent * tangent + 1).squareRoot()
                    let sine = tangent * cosine
                    let (first, second) = (matrix[row], matrix[column])
                    matrix[row] = first * cosine - second * sine
                    matrix[column] = first * sine + second * cosine
                    for line in 0..<4 {
                        let (left, right) = (matrix[line][row], matrix[line][column])
                        matrix[line][row] = left * cosine - right * sine
                        matrix[line][column] = left * sine + right * cosine
                    }
                    let (one, two) = (vectors[row], vectors[column])
                    vectors[row] = one * cosine - two * sine
                    vectors[column] = one * sine + two * cosine
                }
            }
        }
        let best = (0..<4).max { matrix[$0][$0] < matrix[$1][$1] } ?? 0
        return vectors[best]
    }
}
