package import HypeCore

/// Reads the expression of a face in short stretches of the camera picture.
///
/// Each call stands alone: the same pictures give the same observations whatever was analysed before, so a stretch that
/// is looked at on demand and the same stretch in a full run agree exactly. Use from one thread at a time.
package final class FaceAnalyzer {
    /// Tunables of the analysis.
    package struct Settings: Hashable, Sendable {
        /// Length of an observation.
        ///
        /// The grid starts at media time zero.
        package var cell: Duration = .milliseconds(500)
        /// Time between two looked-at pictures, of which the first in each slot counts.
        ///
        /// The grid starts at media time zero. Reading twice as often moves a score by 0.02 to 0.03 on average and costs
        /// twice the time (three webcam recordings, 2026-11-21).
        package var slot: Duration = .milliseconds(500)
        /// Side of the square that is searched around a known face, in face sides.
        package var neighbourhood: Float = 2.2
        /// Slots without a face between two tries with the slower full-range net.
        package var fullRangeEvery = 2
        /// Weight of samples of the neighbouring cells in an observation, 0…1.
        package var neighbourWeight: Float = 0.35

        /// Creates the default settings.
        package init() {}
    }

    /// Longest side in pixels that the camera picture is worth being decoded at.
    ///
    /// The detector sees 128 pixels, the expression model about 50 across a face; a camera region is two to three faces
    /// wide.
    package static let usefulSide = 256

    private let settings: Settings
    private let near: FaceDetector
    private var far: FaceDetector?
    private let models: FaceModels
    private let expression: ExpressionModel

    /// Creates an analyzer with memory of its own.
    ///
    /// - Parameters:
    ///   - models: The nets.
    ///   - settings: Tunables.
    /// - Throws: ``EmotionError`` where a model file holds another model.
    package init(models: FaceModels, settings: Settings = Settings()) throws {
        self.settings = settings
        near = try models.makeDetector(.short)
        self.models = models
        expression = try models.makeExpressionModel()
    }

    /// Analyses one stretch.
    ///
    /// - Parameters:
    ///   - interval: The stretch; on the grid of ``Settings/cell`` unless the recording starts or ends inside a cell.
    ///   - frames: Pictures of the camera region in order of time; those outside the stretch are not looked at.
    ///   - ordinary: Ordinary arousal of this face (see ``ordinaryArousal(in:region:)``), or nil.
    /// - Returns: An observation for each cell, with a score or the reason why there is none.
    /// - Throws: `InferenceError` where a model fails to run.
    package func analyze(
        _ interval: MediaInterval,
        frames: [VideoFrame],
        ordinary: Double? = nil
    ) throws -> FaceSegment {
        let frames = onePerSlot(frames.filter { interval.contains($0.time) })
        let looks = try readExpressions(followFaces(frames))
        let scale = FaceExcitement(ordinary: ordinary)
        let observations = cells(of: interval).map { observation(in: $0, looks: looks, scale: scale) }
        return FaceSegment(interval: interval, observations: observations, visibility: visibility(of: looks))
    }

    /// The ordinary arousal of a face, from pictures spread over the recording.
    ///
    /// - Parameters:
    ///   - pictures: Pictures in any order, far apart in time.
    ///   - region: Where the face is expected, in the source picture; nil for the whole pictures.
    /// - Returns: The median arousal, 0…1; nil where fewer than four pictures show a face.
    /// - Throws: `InferenceError` where a model fails to run.
    package func ordinaryArousal(in pictures: [VideoFrame], region: PixelRegion? = nil) throws -> Double? {
        var cuts: [[Float]] = []
        for picture in pictures {
            let square = region.map { picture.box(of: FaceBox($0)).square(scaledBy: 1) }
            guard let face = try near.detect(in: picture.image, square: square).first else { continue }
            cuts += [cut(face, from: picture.image)].compactMap { $0 }
        }
        guard cuts.count >= 4 else { return nil }
        let sorted = try expression.scores(of: cuts).map(FaceExcitement.arousal).sorted()
        return sorted[sorted.count / 2]
    }

    // MARK: Looking

    private func onePerSlot(_ frames: [VideoFrame]) -> [VideoFrame] {
        var last: Int64?
        return frames.filter { frame in
            let slot = frame.time.index(ofGrid: settings.slot)
            defer { last = slot }
            return slot != last
        }
    }

    /// Finds and follows the faces of the stretch, and keeps the main one.
    private func followFaces(_ frames: [VideoFrame]) throws -> [Look] {
        var tracker = FaceTracker()
        var misses = 0
        var found: [[FaceTrack]] = []
        var looks: [Look] = []
        for frame in frames {
            let light = PictureLight(of: frame.image)
            var tracks: [FaceTrack] = []
            if light == .lit {
                tracks = tracker.update(try detect(in: frame.image, known: tracker.tracks, misses: misses))
                misses = tracks.isEmpty ? misses + 1 : 0
            } else {
                tracker.update([])
            }
            found.append(tracks)
            looks.append(Look(frame: frame, light: light))
        }
        let main = Self.mainTracks(of: found)
        for (index, tracks) in found.enumerated() {
            looks[index].track = tracks.filter { main.contains($0.id) }.max { $0.face.box.side < $1.face.box.side }
        }
        return looks
    }

    private func detect(in picture: PixelBuffer, known: [FaceTrack], misses: Int) throws -> [FaceDetection] {
        if let track = known.filter({ $0.misses == 0 }).max(by: { $0.hits < $1.hits }) {
            let square = track.face.box.square(scaledBy: settings.neighbourhood)
            if square.side < Float(max(picture.width, picture.height)) {
                let faces = try near.detect(in: picture, square: square)
                if !faces.isEmpty { return faces }
            }
        }
        let faces = try near.detect(in: picture)
        guard faces.isEmpty, misses.isMultiple(of: max(1, settings.fullRangeEvery)) else { return faces }
        let far = try self.far ?? models.makeDetector(.full)
        self.far = far
        return try far.detect(in: picture)
    }

    /// The tracks of the face that is there longest and largest, and those that continue it in the same place.
    private static func mainTracks(of found: [[FaceTrack]]) -> Set<Int> {
        var weight: [Int: Float] = [:]
        var place: [Int: FaceBox] = [:]
        for track in found.joined() {
            weight[track.id, default: 0] += track.face.box.side * track.face.confidence
            place[track.id] = track.face.box
        }
        guard
            let main = weight.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key,
            let home = place[main]
        else { return [] }
        return Set(
            place.keys.filter { id in
                guard let box = place[id] else { return false }
                let step = box.center - home.center
                return (step * step).sum().squareRoot() < home.side && box.side > home.side / 2
            }
        )
    }

    private func readExpressions(_ looks: [Look]) throws -> [Look] {
        var looks = looks
        var cuts: [[Float]] = []
        var owners: [Int] = []
        for (index, look) in looks.enumerated() {
            guard let face = look.track?.face, let cut = cut(face, from: look.frame.image) else { continue }
            cuts.append(cut)
            owners.append(index)
        }
        for (owner, scores) in zip(owners, try expression.scores(of: cuts)) { looks[owner].emotion = scores }
        return looks
    }

    private func cut(_ face: FaceDetection, from picture: PixelBuffer) -> [Float]? {
        FaceAligner.align(picture, rightEye: face[.rightEye], leftEye: face[.leftEye])
    }

    // MARK: Reporting

    private func cells(of interval: MediaInterval) -> [MediaInterval] {
        let cell = settings.cell
        let first = interval.start.index(ofGrid: cell)
        var cells: [MediaInterval] = []
        var start = MediaTime(nanoseconds: first * cell.nanoseconds)
        while start < interval.end {
            if let part = MediaInterval(start: start, end: start + cell).intersection(interval) { cells.append(part) }
            start = start + cell
        }
        return cells
    }

    private func observation(in cell: MediaInterval, looks: [Look], scale: FaceExcitement) -> Observation {
        let inside = looks.filter { cell.contains($0.frame.time) }
        let seen = inside.filter { $0.emotion != nil }
        guard let best = seen.max(by: { $0.confidence < $1.confidence }), let track = best.track else {
            return Observation(kind: .face, interval: cell, missing: Self.reason(for: inside))
        }
        let around = cell.expanded(before: settings.cell, after: settings.cell)
        let weighted = looks.filter { around.contains($0.frame.time) }.compactMap { look in
            look.emotion.map { emotion in
                let weight = cell.contains(look.frame.time) ? 1 : settings.neighbourWeight
                return (scores: emotion, weight: weight * look.confidence)
            }
        }
        guard let emotion = EmotionScores.mean(weighted) else {
            return Observation(kind: .face, interval: cell, missing: Self.reason(for: inside))
        }
        return Observation(
            kind: .face,
            interval: cell,
            score: scale.score(of: emotion),
            evidence: .face(
                FaceEvidence(
                    emotion: emotion,
                    region: best.frame.source(of: track.face.box).region,
                    faceConfidence: Double(track.face.confidence),
                    track: track.id
                )
            )
        )
    }

    private static func reason(for looks: [Look]) -> String {
        guard !looks.isEmpty else { return "no camera picture in this stretch" }
        if looks.allSatisfy({ $0.light == .dark }) { return "the camera picture is dark" }
        if looks.allSatisfy({ $0.light != .lit }) { return "the camera picture shows one flat colour" }
        return "no face in the camera picture"
    }

    private func visibility(of looks: [Look]) -> FaceSegment.Visibility {
        guard !looks.isEmpty else { return .noPicture }
        let seen = looks.filter { $0.emotion != nil }.count
        if seen > 0 { return .seen(fraction: Double(seen) / Double(looks.count)) }
        if looks.allSatisfy({ $0.light == .dark }) { return .dark }
        return looks.allSatisfy { $0.light != .lit } ? .flat : .noFace
    }
}

/// One picture and what was seen in it.
private struct Look {
    let frame: VideoFrame
    let light: PictureLight
    var track: FaceTrack?
    var emotion: EmotionScores?

    var confidence: Float { track?.face.confidence ?? 0 }
}
