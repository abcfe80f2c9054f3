/// The part of a face that its expression hardly moves, as a mean over people.
///
/// Measured with `Scripts/fixtures/make_face_shape.py` on recordings of 13 people (2026-11-21): Face Mesh's own points
/// with motion and scale taken out, both halves averaged with their mirror image. The weights are the inverse of each
/// point's variance. "Straight ahead" is that of MediaPipe's canonical face.
package enum FaceShape {
    /// A point of the mean face.
    struct Point: Sendable {
        /// Number in ``FaceMesh/points``.
        let index: Int
        /// Right in the picture, up, towards the camera, in distances between the outer corners of the eyes.
        let place: SIMD3<Float>
        /// How much the point counts; all weights together are 1.
        let weight: Float

        fileprivate init(_ index: Int, _ x: Float, _ y: Float, _ z: Float, weight: Float) {
            self.index = index
            self.place = SIMD3(x, y, z)
            self.weight = weight
        }
    }

    /// The points; the weighted middle is the origin.
    static let points: [Point] = [
        Point(33, -0.5000, 0.1571, -0.2257, weight: 0.0205),
        Point(263, 0.5000, 0.1571, -0.2257, weight: 0.0205),
        Point(133, -0.1959, 0.1435, -0.1679, weight: 0.0387),
        Point(362, 0.1959, 0.1435, -0.1679, weight: 0.0387),
        Point(129, -0.2325, -0.2668, -0.0465, weight: 0.0126),
        Point(358, 0.2325, -0.2668, -0.0465, weight: 0.0126),
        Point(98, -0.1891, -0.3466, -0.0034, weight: 0.0100),
        Point(327, 0.1891, -0.3466, -0.0034, weight: 0.0100),
        Point(127, -0.7611, 0.0828, -0.7731, weight: 0.0053),
        Point(356, 0.7611, 0.0828, -0.7731, weight: 0.0053),
        Point(234, -0.7520, -0.0857, -0.8214, weight: 0.0045),
        Point(454, 0.7520, -0.0857, -0.8214, weight: 0.0045),
        Point(93, -0.7409, -0.2549, -0.8236, weight: 0.0041),
        Point(323, 0.7409, -0.2549, -0.8236, weight: 0.0041),
        Point(54, -0.6542, 0.5485, -0.3895, weight: 0.0066),
        Point(284, 0.6542, 0.5485, -0.3895, weight: 0.0066),
        Point(67, -0.3865, 0.7365, -0.1298, weight: 0.0052),
        Point(297, 0.3865, 0.7365, -0.1298, weight: 0.0052),
        Point(117, -0.5793, -0.0447, -0.2230, weight: 0.0273),
        Point(346, 0.5793, -0.0447, -0.2230, weight: 0.0273),
        Point(50, -0.5318, -0.2273, -0.1515, weight: 0.0097),
        Point(280, 0.5318, -0.2273, -0.1515, weight: 0.0097),
        Point(205, -0.4370, -0.3225, -0.0934, weight: 0.0085),
        Point(425, 0.4370, -0.3225, -0.0934, weight: 0.0085),
        Point(143, -0.6845, 0.0897, -0.3825, weight: 0.0208),
        Point(372, 0.6845, 0.0897, -0.3825, weight: 0.0208),
        Point(198, -0.1552, -0.1260, 0.0617, weight: 0.0847),
        Point(420, 0.1552, -0.1260, 0.0617, weight: 0.0847),
        Point(10, 0.0000, 0.7801, -0.0423, weight: 0.0045),
        Point(151, 0.0000, 0.5958, 0.0016, weight: 0.0074),
        Point(9, 0.0000, 0.3965, 0.0372, weight: 0.0080),
        Point(168, 0.0000, 0.2158, 0.0182, weight: 0.0345),
        Point(6, 0.0000, 0.1310, 0.0678, weight: 0.0707),
        Point(197, 0.0000, 0.0510, 0.1244, weight: 0.1202),
        Point(195, 0.0000, -0.0238, 0.1866, weight: 0.1114),
        Point(5, 0.0000, -0.1044, 0.2509, weight: 0.0762),
        Point(4, 0.0000, -0.2040, 0.2790, weight: 0.0501),
    ]

    /// Number and place of each point, in distances between the outer corners of the eyes.
    package static var places: [(index: Int, place: SIMD3<Float>)] { points.map { ($0.index, $0.place) } }
}
