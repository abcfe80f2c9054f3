package import HypeCore

/// What was seen of the faces of a video, by face and by clip.
///
/// A pure value that grows with the number of clips, not of pictures. Pictures of one clip are pooled by the mean of their
/// probabilities, weighted by how sure the detector is and how long the picture stands for what is seen: neighbouring
/// pictures are almost the same picture, so their agreement is no reason to be surer than each of them is
/// (`docs/predict.md` has the measurement).
package struct FaceTimeline: Sendable {
    /// A face in a clip.
    package struct Cell: Sendable {
        /// Number of the clip.
        package var clip: Int
        /// The looks, pooled.
        package var scores = ScoreSum()
        /// How many pictures were read.
        package var looks = 0
        /// The look in which the detector is surest.
        package var best: Sighting
    }

    /// Where and when a face was seen.
    package struct Sighting: Hashable, Sendable {
        /// Presentation time of the picture.
        package var time: MediaTime
        /// Where the face is, in pixels of the upright source picture.
        package var box: FaceBox
        /// How sure the detector is that it is a face, 0…1.
        package var confidence: Float
    }

    /// A face over the whole video.
    package struct Track: Sendable {
        /// Number of the face, from 1.
        package var id: Int
        /// From the first to the last picture that shows it.
        package var interval: MediaInterval
        /// Its clips in order of time, those in which it was seen; at least one.
        package var cells: [Cell]
        /// How many pictures were read.
        package var looks = 0
        /// All looks, pooled.
        package var scores = ScoreSum()
        /// How large, sure and long it is seen: what the main face has most of.
        package var prominence = 0.0
        /// The look in which the detector is surest.
        package var best: Sighting
        /// What the net saw in that look: grey 0…255, shape `[48, 48]`, row-major.
        package var cut: [Float]
    }

    /// Pictures from which on a face must be seen in two, so that a pattern that looks like one for a moment is none.
    private static let manyPictures = 4
    /// Looks that are kept at most: half an hour of one face, sixteen times a second.
    package static let lookLimit = 30_000
    /// Faces whose cut is kept.
    private static let cutLimit = 32

    /// The clips.
    package let grid: ClipGrid
    /// Pictures that were looked at.
    package private(set) var pictures = 0
    /// Pictures in which a face was seen that reaches over the edge so far that it cannot be read.
    package private(set) var cutOffPictures = 0
    /// The first ``lookLimit`` looks without their cuts, in order of time; empty unless they are to be kept.
    package private(set) var looks: [FaceLook] = []

    private let keepsLooks: Bool
    private var known: [Int: Track] = [:]
    private var dark = 0
    private var flat = 0

    /// Creates a timeline on which nothing was seen.
    ///
    /// - Parameters:
    ///   - grid: The clips.
    ///   - keepsLooks: Whether every look is kept too.
    package init(grid: ClipGrid, keepsLooks: Bool = false) {
        self.grid = grid
        self.keepsLooks = keepsLooks
    }

    /// Takes note of a picture that was looked at.
    package mutating func sawPicture(_ light: PictureLight, hasCutOffFace: Bool = false) {
        pictures += 1
        if light == .dark { dark += 1 }
        if light == .flat { flat += 1 }
        if hasCutOffFace { cutOffPictures += 1 }
    }

    /// Takes a face in.
    package mutating func add(_ look: FaceLook) {
        let sighting = Sighting(time: look.time, box: look.box, confidence: look.confidence)
        var track =
            known[look.track]
            ?? Track(
                id: look.track,
                interval: look.shown,
                cells: [],
                best: sighting,
                cut: known.count < Self.cutLimit ? look.cut : []
            )
        let weight = Double(look.confidence) * max(1e-3, look.shown.duration.inSeconds)
        track.interval = track.interval.union(look.shown)
        track.looks += 1
        track.scores.add(look.emotion, embedding: look.embedding, weight: weight)
        track.prominence += weight * Double(look.box.side)
        if look.confidence > track.best.confidence {
            track.best = sighting
            if !track.cut.isEmpty { track.cut = look.cut }
        }
        for clip in grid.clips(in: look.shown) {
            let share = grid.interval(of: clip).intersection(look.shown)?.duration.inSeconds ?? 0
            Self.add(look, to: &track.cells, clip: clip, weight: Double(look.confidence) * max(1e-3, share))
        }
        known[look.track] = track
        if keepsLooks, looks.count < Self.lookLimit {
            var light = look
            light.cut = []
            light.embedding = []
            looks.append(light)
        }
    }

    /// The faces, the one that matters most first.
    package var tracks: [Track] {
        known.values
            .filter { $0.looks >= 2 || pictures < Self.manyPictures }
            .sorted { ($1.prominence, $0.id) < ($0.prominence, $1.id) }
    }

    /// Why no face could be read, in words for a person.
    package var reason: String {
        if pictures == 0 { return "no picture could be decoded" }
        if dark == pictures { return "the picture is dark" }
        if dark + flat == pictures { return "the picture shows one flat colour" }
        if cutOffPictures > 0 { return "a face is only partly in the picture" }
        return "no face was found"
    }

    private static func add(_ look: FaceLook, to cells: inout [Cell], clip: Int, weight: Double) {
        let sighting = Sighting(time: look.time, box: look.box, confidence: look.confidence)
        // Looks come in order of time, so the clip is the last one, or new.
        let place = cells.lastIndex { $0.clip == clip } ?? cells.endIndex
        if place == cells.endIndex { cells.append(Cell(clip: clip, best: sighting)) }
        cells[place].scores.add(look.emotion, embedding: look.embedding, weight: weight)
        cells[place].looks += 1
        if look.confidence > cells[place].best.confidence { cells[place].best = sighting }
    }
}
