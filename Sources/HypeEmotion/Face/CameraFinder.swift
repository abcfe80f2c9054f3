package import HypeCore

/// Finds the streamer's face in full pictures of a recording.
///
/// Looks at overlapping squares of several sizes, so that the detector sees small insets large enough: squares of the
/// full and of half the picture's shorter side, and of a third where those show nothing. A face of 45 pixels in a
/// 1280×720 picture is found. The face that stays at one place through many pictures wins; faces in the game come and
/// go, portraits in the game's display do not move at all. Use from one thread at a time.
package final class CameraFinder {
    /// Tunables of the search.
    package struct Settings: Hashable, Sendable {
        /// Pictures that are searched all over, spread over those given, before the rest is only looked at where a face
        /// was seen.
        package var searched = 4
        /// Places that are looked at again in all pictures.
        package var candidates = 3
        /// Part of the pictures in which a face must be found at its place, 0…1.
        package var minimumPresence = 0.25
        /// Mean confidence of the detector that a camera's face must have, 0…1; real ones have 0.85 and more.
        package var minimumConfidence = 0.7
        /// Side of the region to decode, in face sides.
        package var margin: Float = 2.2

        /// Creates the default settings.
        package init() {}
    }

    private let settings: Settings
    private let detector: FaceDetector

    /// Creates a finder with memory of its own.
    ///
    /// - Parameters:
    ///   - models: The nets.
    ///   - settings: Tunables.
    /// - Throws: ``EmotionError`` where a model file holds another model.
    package init(models: FaceModels, settings: Settings = Settings()) throws {
        self.settings = settings
        detector = try models.makeDetector(.short)
    }

    /// Searches pictures.
    ///
    /// - Parameter pictures: Full pictures of one recording of the same size, spread over it; a single one is enough to
    ///   find a face again that was lost, with less confidence.
    /// - Returns: Where the face is and how sure that is, or that there is none.
    /// - Throws: `InferenceError` where the model fails to run.
    package func find(in pictures: [VideoFrame]) throws -> CameraFinding {
        guard let size = pictures.first?.region, size.width > 0, size.height > 0 else {
            return Self.nothing(looked: 0)
        }
        var clusters: [FaceCluster] = []
        var unsearched = Self.spread(pictures.count)
        while !unsearched.isEmpty {
            let next = unsearched.prefix(max(1, settings.searched))
            unsearched.removeFirst(next.count)
            let isSettled = { clusters.contains { $0.sightings.count >= min(2, next.count) } }
            for divisors in [[1, 2], [3]] where !isSettled() {
                for index in next { try search(pictures[index], index: index, divisors: divisors, into: &clusters) }
            }
            if isSettled() { break }
        }
        clusters.sort { $0.sightings.count > $1.sightings.count }
        clusters = Array(clusters.prefix(settings.candidates))
        clusters = try clusters.compactMap { try confirmed($0, in: pictures) }
        let living = clusters.filter { !isStill($0, in: pictures) }
        return conclude(
            living,
            pictures: pictures.count,
            size: size,
            hasPortrait: living.count < clusters.count
        )
    }

    // MARK: Searching

    /// Positions of pictures in an order in which every beginning is spread over the recording.
    private static func spread(_ count: Int) -> [Int] {
        var order: [Int] = []
        var isTaken = [Bool](repeating: false, count: count)
        var step = 1
        while step < max(1, count) { step *= 2 }
        while step >= 1 {
            for index in stride(from: step / 2, to: count, by: max(1, step)) where !isTaken[index] {
                isTaken[index] = true
                order.append(index)
            }
            step /= 2
        }
        return order + isTaken.indices.filter { !isTaken[$0] }
    }

    private func search(
        _ picture: VideoFrame,
        index: Int,
        divisors: [Int],
        into clusters: inout [FaceCluster]
    ) throws {
        var faces: [FaceDetection] = []
        for divisor in divisors {
            for square in Self.squares(of: picture.image, divisor: divisor) {
                faces += try detector.detect(in: picture.image, square: square)
            }
        }
        for face in BlazeFaceDecoder.mergingOverlaps(faces) {
            let sighting = self.sighting(of: face, in: picture, index: index)
            if let place = clusters.firstIndex(where: { $0.holds(sighting.box) }) {
                clusters[place].add(sighting)
            } else {
                clusters.append(FaceCluster(sighting))
            }
        }
    }

    /// Overlapping squares that cover a picture; each overlaps the next by at least half.
    private static func squares(of picture: PixelBuffer, divisor: Int) -> [FaceBox] {
        let side = max(16, min(picture.width, picture.height) / divisor)
        let starts = { (length: Int) -> [Float] in
            guard length > side else { return [Float(length - side) / 2] }
            let steps = Int((Float(length - side) / (Float(side) / 2)).rounded(.up))
            return (0...steps).map { Float($0) * Float(length - side) / Float(steps) }
        }
        return starts(picture.height).flatMap { top in
            starts(picture.width).map { FaceBox(x: $0, y: top, width: Float(side), height: Float(side)) }
        }
    }

    /// Looks again at a cluster's place in all pictures, at the scale that suits the detector best.
    ///
    /// What was a face only by accident of one square is not found again.
    private func confirmed(_ cluster: FaceCluster, in pictures: [VideoFrame]) throws -> FaceCluster? {
        var result: FaceCluster?
        for (index, picture) in pictures.enumerated() {
            let square = picture.box(of: cluster.box).square(scaledBy: settings.margin)
            let sightings = try detector.detect(in: picture.image, square: square)
                .map { sighting(of: $0, in: picture, index: index) }
            guard let match = sightings.first(where: { cluster.holds($0.box) }) else { continue }
            if result == nil { result = FaceCluster(match) } else { result?.add(match) }
        }
        return result
    }

    private func sighting(of face: FaceDetection, in picture: VideoFrame, index: Int) -> FaceCluster.Sighting {
        FaceCluster.Sighting(
            picture: index,
            box: picture.source(of: face.box),
            confidence: face.confidence,
            rightEye: picture.source(of: face[.rightEye]),
            leftEye: picture.source(of: face[.leftEye])
        )
    }

    /// Whether all pictures show the very same face at the place of the first sighting.
    private func isStill(_ cluster: FaceCluster, in pictures: [VideoFrame]) -> Bool {
        guard let first = cluster.sightings.first else { return false }
        let cuts = cluster.sightings.map(\.picture).sorted().compactMap { index in
            FaceAligner.align(
                pictures[index].image,
                rightEye: pictures[index].point(of: first.rightEye),
                leftEye: pictures[index].point(of: first.leftEye)
            )
        }
        return Stillness.difference(of: cuts).map { $0 < Stillness.limit } ?? false
    }

    // MARK: Concluding

    private func conclude(
        _ clusters: [FaceCluster],
        pictures: Int,
        size: PixelRegion,
        hasPortrait: Bool
    ) -> CameraFinding {
        let needed = pictures < 4 ? 1 : max(2, Int((settings.minimumPresence * Double(pictures)).rounded(.up)))
        let judged = clusters.filter {
            $0.sightings.count >= needed && $0.meanConfidence >= settings.minimumConfidence
        }.map { cluster in
            let presence = Double(cluster.sightings.count) / Double(max(1, pictures))
            return (cluster: cluster, score: presence * cluster.meanConfidence * cluster.steadiness)
        }
        guard let best = judged.max(by: { $0.score < $1.score }) else {
            return Self.nothing(looked: pictures, hasPortrait: hasPortrait)
        }
        let box = best.cluster.box
        let found = best.cluster.sightings.count
        // One look cannot tell a camera from a face in the game.
        let confidence = min(best.score, Double(found) / (Double(found) + 1))
        return CameraFinding(
            region: region(around: best.cluster, size: size),
            face: box.region.clamped(toWidth: size.x + size.width, height: size.y + size.height),
            confidence: confidence,
            found: found,
            looked: pictures,
            summary: "face found at \(Self.place(of: box, size: size)), \(Int(box.width.rounded()))×"
                + "\(Int(box.height.rounded())) px, in \(found) of \(pictures) pictures"
        )
    }

    /// The square to decode: room for the head to move, inside the picture, even.
    private func region(around cluster: FaceCluster, size: PixelRegion) -> PixelRegion {
        let extent = cluster.extent
        let longest = Float(min(size.width, size.height))
        let side = min(longest, max(cluster.box.side * settings.margin, extent.side * 1.3))
        let even = { (value: Float) in Int(value / 2) * 2 }
        let start = { (center: Float, low: Int, length: Int) -> Int in
            let highest = Float(low + length) - side
            return even(max(Float(low), min(center - side / 2, highest)))
        }
        return PixelRegion(
            x: start(extent.center.x, size.x, size.width),
            y: start(extent.center.y, size.y, size.height),
            width: max(2, even(side)),
            height: max(2, even(side))
        )
    }

    private static func place(of box: FaceBox, size: PixelRegion) -> String {
        let across = (box.center.x - Float(size.x)) / Float(size.width)
        let down = (box.center.y - Float(size.y)) / Float(size.height)
        let column = across < 0.36 ? "left" : across > 0.64 ? "right" : "centre"
        let row = down < 0.36 ? "upper" : down > 0.64 ? "lower" : "middle"
        return row == "middle" && column == "centre" ? "the centre" : "\(row) \(column)"
    }

    private static func nothing(looked: Int, hasPortrait: Bool = false) -> CameraFinding {
        let pictures = looked == 1 ? "1 picture" : "\(looked) pictures"
        return CameraFinding(
            region: nil,
            face: nil,
            confidence: 0,
            found: 0,
            looked: looked,
            summary: hasPortrait
                ? "no face found in \(pictures) but a still portrait" : "no face found in \(pictures)"
        )
    }
}
