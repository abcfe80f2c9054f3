import Foundation
import HypeCore
import HypeEmotion
import Testing

/// Head pose from points that are turned by a known rotation.
@Suite
struct HeadPoseTests {
    /// Yaw, pitch and roll in degrees.
    static let poses: [SIMD3<Float>] = [
        SIMD3(0, 0, 0), SIMD3(30, 0, 0), SIMD3(-45, 10, 0), SIMD3(0, 25, 0), SIMD3(0, -30, 5), SIMD3(10, -5, 40),
        SIMD3(-60, 20, -25), SIMD3(75, 0, 0), SIMD3(20, 20, 20),
    ]

    @Test(arguments: poses)
    func knownRotationIsFoundExactly(pose: SIMD3<Float>) {
        let found = HeadPose(of: SyntheticHead(yaw: pose.x, pitch: pose.y, roll: pose.z).mesh)
        #expect(abs(found.yaw - pose.x) < 0.05)
        #expect(abs(found.pitch - pose.y) < 0.05)
        #expect(abs(found.roll - pose.z) < 0.05)
    }

    /// Noise of half a pixel at a face of about 100 pixels: what the landmark net shows from picture to picture.
    @Test(arguments: poses)
    func noiseMovesItByLittle(pose: SIMD3<Float>) {
        var random = SplitMix64(seed: 7)
        var squares = SIMD3<Float>.zero
        for _ in 0..<200 {
            var head = SyntheticHead(yaw: pose.x, pitch: pose.y, roll: pose.z)
            head.noise = 0.5
            let found = HeadPose(of: head.mesh(random: &random))
            let step = SIMD3(found.yaw, found.pitch, found.roll) - pose
            squares += step * step
        }
        #expect((squares / 200).max().squareRoot() < 0.5)
    }

    /// A camera at about 60 cm from a head in the middle of its picture.
    @Test(arguments: poses)
    func perspectiveMovesItByLittle(pose: SIMD3<Float>) {
        var head = SyntheticHead(yaw: pose.x, pitch: pose.y, roll: pose.z)
        head.distance = 6.5
        let found = HeadPose(of: head.mesh)
        #expect(abs(found.yaw - pose.x) < 2)
        #expect(abs(found.pitch - pose.y) < 2)
        #expect(abs(found.roll - pose.z) < 2)
    }

    @Test
    func sizeAndPlaceDoNotMatter() {
        var head = SyntheticHead(yaw: 20, pitch: -10, roll: 5)
        let near = HeadPose(of: head.mesh)
        head.scale = 400
        head.center = SIMD2(1000, 20)
        let far = HeadPose(of: head.mesh)
        #expect(abs(near.yaw - far.yaw) < 0.01)
        #expect(abs(near.pitch - far.pitch) < 0.01)
        #expect(abs(near.roll - far.roll) < 0.01)
    }
}

/// A mesh whose rigid points are those of the mean face, turned.
struct SyntheticHead {
    var yaw: Float
    var pitch: Float
    var roll: Float
    /// Pixels per distance of the outer corners of the eyes.
    var scale: Float = 60
    var center = SIMD2<Float>(200, 150)
    /// Distance of the camera in distances of the corners; nil for a very long lens.
    var distance: Float?
    /// Standard deviation of the points in pixels.
    var noise: Float = 0

    var mesh: FaceMesh {
        var random = SplitMix64(seed: 1)
        return mesh(random: &random)
    }

    func mesh(random: inout SplitMix64) -> FaceMesh {
        var points = [SIMD3<Float>](repeating: SIMD3(center, 0), count: FaceMesh.count)
        for (index, place) in FaceShape.places {
            let turned = turn(place)
            let magnified = distance.map { scale * $0 / ($0 - turned.z) } ?? scale
            var point = SIMD3<Float>(turned.x * magnified, -turned.y * magnified, -turned.z * scale)
            for axis in 0..<3 { point[axis] += random.normal() * noise }
            points[index] = point + SIMD3<Float>(center, 0)
        }
        return FaceMesh(points: points, presence: 1)
    }

    private func turn(_ place: SIMD3<Float>) -> SIMD3<Float> {
        let (yaw, pitch, roll) = (yaw * .pi / 180, pitch * .pi / 180, -roll * .pi / 180)
        var (x, y, z) = (place.x, place.y, place.z)
        (x, y) = (x * cos(roll) - y * sin(roll), x * sin(roll) + y * cos(roll))
        (y, z) = (y * cos(pitch) + z * sin(pitch), -y * sin(pitch) + z * cos(pitch))
        (x, z) = (x * cos(yaw) + z * sin(yaw), -x * sin(yaw) + z * cos(yaw))
        return SIMD3(x, y, z)
    }
}

extension SplitMix64 {
    /// A normally distributed number (Box and Muller).
    fileprivate mutating func normal() -> Float {
        let first = max(Float.leastNormalMagnitude, Float.random(in: 0..<1, using: &self))
        return (-2 * log(first)).squareRoot() * cos(2 * .pi * Float.random(in: 0..<1, using: &self))
    }
}
