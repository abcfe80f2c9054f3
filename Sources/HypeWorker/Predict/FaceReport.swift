import HypeCore
import HypeEmotion
import HypeWorkerLink

/// The faces of a video in the form that the control plane is told them.
struct FaceReport: Sendable {
    /// Faces by clip that are told at most, so that a crowd's hours fit into one message.
    private static let faceLimit = 10_000

    private let tracks: [FaceTimeline.Track]
    private let looks: [FaceLook]
    private let size: (width: Int, height: Int)

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - timeline: What was seen.
    ///   - size: Columns and rows of the upright picture.
    init(_ timeline: FaceTimeline, size: (width: Int, height: Int)) {
        tracks = timeline.tracks
        looks = timeline.looks
        self.size = size
    }

    /// The face that matters most; nil where there is none.
    var main: FaceTimeline.Track? { tracks.first }

    /// Each face in each of its clips.
    var faces: [FaceReading] {
        Array(
            tracks.lazy.flatMap { track in track.cells.compactMap { reading($0, of: track.id) } }.prefix(Self.faceLimit)
        )
    }

    /// The faces over the whole video.
    var trackReadings: [TrackReading] {
        let byTrack = Dictionary(grouping: looks, by: \.track)
        return tracks.compactMap { track in
            track.scores.mean.map { emotion in
                TrackReading(
                    track: track.id,
                    interval: track.interval,
                    pictures: track.looks,
                    emotion: emotion,
                    readings: (byTrack[track.id] ?? []).map { look in
                        FaceReading(
                            track: look.track,
                            time: look.time,
                            emotion: look.emotion,
                            region: region(look.box),
                            confidence: Double(look.confidence)
                        )
                    }
                )
            }
        }
    }

    /// For each clip the face that its answer is about: the main one where it is there, else the largest other one.
    var cellsByClip: [Int: (track: Int, cell: FaceTimeline.Cell)] {
        var chosen: [Int: (track: Int, cell: FaceTimeline.Cell)] = [:]
        for track in tracks {
            for cell in track.cells where chosen[cell.clip] == nil { chosen[cell.clip] = (track.id, cell) }
        }
        return chosen
    }

    /// A face in a clip; the region is of the picture in which the detector is surest.
    func reading(_ cell: FaceTimeline.Cell, of track: Int) -> FaceReading? {
        cell.scores.mean.map { emotion in
            FaceReading(
                track: track,
                time: cell.best.time,
                emotion: emotion,
                region: region(cell.best.box),
                confidence: Double(cell.best.confidence)
            )
        }
    }

    private func region(_ box: FaceBox) -> PixelRegion {
        box.region.clamped(toWidth: size.width, height: size.height) ?? box.region
    }
}
