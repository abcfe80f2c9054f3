import HypeCore

/// Faces that were found at about the same place in different pictures.
struct FaceCluster {
    /// A face of the cluster.
    struct Sighting {
        /// Which picture, by position.
        let picture: Int
        /// The face in source coordinates.
        let box: FaceBox
        /// How sure the detector is, 0…1.
        let confidence: Float
        /// The person's right eye in source coordinates.
        let rightEye: SIMD2<Float>
        /// The person's left eye in source coordinates.
        let leftEye: SIMD2<Float>
    }

    /// At most one per picture.
    private(set) var sightings: [Sighting] = []

    /// Distance of two middles, in face sides, up to which faces count as the same place.
    private static let reach: Float = 0.9
    /// Ratio of two sides up to which faces count as the same size.
    private static let sizeRatio: Float = 1.7
    /// Creates a cluster of one face.
    init(_ sighting: Sighting) {
        sightings = [sighting]
    }

    /// The median box.
    var box: FaceBox {
        FaceBox(x: median { $0.x }, y: median { $0.y }, width: median { $0.width }, height: median { $0.height })
    }

    /// Whether a face is at this cluster's place and of its size.
    func holds(_ candidate: FaceBox) -> Bool {
        let home = box
        let step = candidate.center - home.center
        let distance = (step * step).sum().squareRoot()
        let ratio = max(candidate.side, home.side) / max(1, min(candidate.side, home.side))
        return distance < Self.reach * max(candidate.side, home.side) && ratio < Self.sizeRatio
    }

    /// Takes a face in; of two in one picture the surer one stays.
    mutating func add(_ sighting: Sighting) {
        if let index = sightings.firstIndex(where: { $0.picture == sighting.picture }) {
            if sighting.confidence > sightings[index].confidence { sightings[index] = sighting }
        } else {
            sightings.append(sighting)
        }
    }

    /// Mean confidence of the detector, 0…1.
    var meanConfidence: Double {
        Double(sightings.reduce(0) { $0 + $1.confidence }) / Double(max(1, sightings.count))
    }

    /// How steady the place is: 1 where the face does not move at all, 0.5 where it wanders by half its side.
    var steadiness: Double {
        let home = box
        let wander = sightings.map { sighting -> Float in
            let step = sighting.box.center - home.center
            return (step * step).sum().squareRoot() / max(1, home.side)
        }
        return 1 / (1 + 2 * Double(wander.reduce(0, +)) / Double(max(1, wander.count)))
    }

    /// The rectangle that covers all sightings.
    var extent: FaceBox {
        let left = sightings.map(\.box.x).min() ?? 0
        let top = sightings.map(\.box.y).min() ?? 0
        let right = sightings.map { $0.box.x + $0.box.width }.max() ?? 0
        let bottom = sightings.map { $0.box.y + $0.box.height }.max() ?? 0
        return FaceBox(x: left, y: top, width: right - left, height: bottom - top)
    }

    private func median(_ value: (FaceBox) -> Float) -> Float {
        let sorted = sightings.map { value($0.box) }.sorted()
        return sorted[sorted.count / 2]
    }
}
