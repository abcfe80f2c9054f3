/// A face followed from picture to picture.
package struct FaceTrack: Hashable, Sendable {
    /// Number of the track, from 1.
    package let id: Int
    /// Where the face is; its points and box are smoothed over time.
    package var face: FaceDetection
    /// Pictures in which it was found.
    package var hits: Int
    /// Pictures since it was last found.
    package var misses: Int
}

/// Follows faces through pictures by their overlap and steadies their points.
///
/// A pure value: the same detections give the same tracks.
package struct FaceTracker: Sendable {
    /// Tunables of the tracker.
    package struct Settings: Hashable, Sendable {
        /// Overlap (IoU) from which a detection continues a track, 0…1.
        package var minimumOverlap: Float = 0.2
        /// How far a face of like size may have gone from its place, in its sides, where the boxes no longer overlap.
        ///
        /// 0 for not at all; pictures that lie far apart in time want more.
        package var reach: Float = 0
        /// Pictures without the face after which a track ends.
        package var maximumMisses = 4
        /// Weight of a new position where the face stands still, 0…1; it is 1 where the face moves.
        package var steadyWeight: Float = 0.5
        /// Movement of the eyes, as a part of their distance, from which a face counts as moving.
        package var movement: Float = 0.25

        /// Creates the default settings.
        package init() {}
    }

    /// Tracks that have not ended, the oldest first.
    package private(set) var tracks: [FaceTrack] = []

    private let settings: Settings
    private var nextID = 1

    /// Creates a tracker that has seen nothing.
    package init(settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Takes in what was found in the next picture.
    ///
    /// - Parameter detections: Faces of one picture, none twice.
    /// - Returns: The tracks that were found in this picture, the oldest first.
    @discardableResult
    package mutating func update(_ detections: [FaceDetection]) -> [FaceTrack] {
        var pairs: [(overlap: Float, track: Int, detection: Int)] = []
        for (track, known) in tracks.enumerated() {
            for (index, detection) in detections.enumerated() {
                let overlap = likeness(known.face.box, detection.box)
                if overlap > 0 { pairs.append((overlap: overlap, track: track, detection: index)) }
            }
        }
        pairs.sort { ($1.overlap, $0.track, $0.detection) < ($0.overlap, $1.track, $1.detection) }
        var isMatched = [Bool](repeating: false, count: tracks.count)
        var isUsed = [Bool](repeating: false, count: detections.count)
        for pair in pairs where !isMatched[pair.track] && !isUsed[pair.detection] {
            isMatched[pair.track] = true
            isUsed[pair.detection] = true
            tracks[pair.track].face = steadied(tracks[pair.track].face, towards: detections[pair.detection])
            tracks[pair.track].hits += 1
            tracks[pair.track].misses = 0
        }
        for index in tracks.indices where !isMatched[index] { tracks[index].misses += 1 }
        tracks.removeAll { $0.misses > settings.maximumMisses }
        for (index, detection) in detections.enumerated() where !isUsed[index] {
            tracks.append(FaceTrack(id: nextID, face: detection, hits: 1, misses: 0))
            nextID += 1
        }
        return tracks.filter { $0.misses == 0 }
    }

    /// Ends all tracks; faces that come after it get new numbers.
    package mutating func endAll() { tracks.removeAll() }

    /// The overlap of two boxes; for those too far apart, less the further they are, and 0 out of reach.
    private func likeness(_ box: FaceBox, _ other: FaceBox) -> Float {
        let overlap = box.overlap(with: other)
        if overlap >= settings.minimumOverlap { return overlap }
        let step = box.center - other.center
        let distance = (step * step).sum().squareRoot() / max(box.side, .leastNormalMagnitude)
        let isAlike = box.side < other.side * 1.6 && other.side < box.side * 1.6
        guard isAlike, distance < settings.reach else { return 0 }
        return settings.minimumOverlap * (1 - distance / settings.reach)
    }

    /// Moves a face towards a new detection: slowly where it differs by noise, at once where it moves.
    private func steadied(_ old: FaceDetection, towards new: FaceDetection) -> FaceDetection {
        let moved = [FaceKeypoint.rightEye, .leftEye].map { keypoint -> Float in
            let step = new[keypoint] - old[keypoint]
            return (step * step).sum().squareRoot()
        }
        let motion = (moved.max() ?? 0) / max(new.eyeDistance, .leastNormalMagnitude)
        let speed = min(1, motion / settings.movement)
        let weight = settings.steadyWeight + (1 - settings.steadyWeight) * speed
        let mix = { (from: Float, to: Float) in from + (to - from) * weight }
        return FaceDetection(
            box: FaceBox(
                x: mix(old.box.x, new.box.x),
                y: mix(old.box.y, new.box.y),
                width: mix(old.box.width, new.box.width),
                height: mix(old.box.height, new.box.height)
            ),
            keypoints: zip(old.keypoints, new.keypoints).map { $0 + ($1 - $0) * weight },
            confidence: new.confidence
        )
    }
}
