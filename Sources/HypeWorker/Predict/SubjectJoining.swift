import Foundation
import HypeCore
import HypeEmotion
import HypeWorkerLink

/// What was seen of the faces of a subject.
enum SubjectSight: Sendable {
    case still(StillLooking.Findings)
    case moving(FaceWatching.Findings)
}

/// Joins what was seen and heard of a subject, over all of it and clip by clip.
struct SubjectJoining {
    /// A face in a clip, as it is told and as it is joined.
    private typealias ClipFace = (reading: FaceReading, branch: BranchFusion.Branch)

    let media: SubjectMedia
    let fusion: BranchFusion

    func join(_ sight: SubjectSight?, _ voice: VoiceHearing.Findings?) throws -> EmotionReading {
        var reading = EmotionReading(kind: media.kind, duration: media.grid.duration)
        reading.notes = media.notes + (voice?.notes ?? [])
        reading.voice = voice?.voice?.reading
        reading.missingFace = media.missingFace
        reading.missingVoice = media.missingVoice ?? voice?.missing
        if media.pictures != nil { reading.models.append("face-expression") }
        if media.sound != nil { reading.models.append("voice-emotion") }
        reading.models.append("fusion")
        var face: BranchFusion.Branch?
        var clipFaces: [Int: ClipFace] = [:]
        switch sight {
        case .moving(let findings):
            (face, clipFaces) = Self.tell(findings, in: &reading)
        case .still(let findings):
            reading.faces = findings.faces
            reading.missingFace = findings.missing
            if let first = findings.faces.first {
                let branch = BranchFusion.Branch(scores: first.emotion, embedding: findings.embedding)
                face = branch
                for clip in 0..<media.grid.count { clipFaces[clip] = (first, branch) }
            }
        case nil: break
        }
        if let stop = voice?.stoppedAt { reading.unfinished.append(Self.unfinished("voice", at: stop)) }
        reading.emotion = try fusion.join(face: face, voice: voice?.voice?.branch)
        if media.kind != .picture || media.sound != nil {
            reading.clips = try (0..<media.grid.count).map { clip in
                let seen = clipFaces[clip]
                let heard = voice?.clips[clip]
                return ClipReading(
                    interval: media.grid.interval(of: clip),
                    emotion: try fusion.join(face: seen?.branch, voice: heard?.branch),
                    face: seen?.reading,
                    voice: heard?.reading
                )
            }
        }
        return reading
    }

    /// Puts what moving pictures showed into a reading; gives what is to be joined.
    private static func tell(
        _ findings: FaceWatching.Findings,
        in reading: inout EmotionReading
    ) -> (face: BranchFusion.Branch?, clips: [Int: ClipFace]) {
        let report = FaceReport(findings.timeline, size: findings.size)
        reading.faces = report.faces
        reading.tracks = report.trackReadings
        if let stop = findings.stoppedAt {
            reading.unfinished.append(unfinished("faces", at: stop))
        } else if report.main == nil {
            reading.missingFace = findings.timeline.reason
        }
        if findings.damagedPackets > 0, findings.timeline.pictures > 0 {
            reading.notes.append(
                "The picture has \(findings.damagedPackets) damaged packets; what could be decoded was used."
            )
        }
        if findings.timeline.looks.count == FaceTimeline.lookLimit {
            reading.notes.append("Only the first \(FaceTimeline.lookLimit) readings are listed one by one.")
        }
        let clips = report.cellsByClip.compactMapValues { found -> ClipFace? in
            guard let face = report.reading(found.cell, of: found.track) else { return nil }
            return branch(found.cell.scores).map { (face, $0) }
        }
        return (report.main.flatMap { branch($0.scores) }, clips)
    }

    private static func branch(_ sum: ScoreSum) -> BranchFusion.Branch? {
        sum.mean.map { BranchFusion.Branch(scores: $0, embedding: sum.embedding) }
    }

    private static func unfinished(_ what: String, at position: MediaTime) -> String {
        "The deadline came when the \(what) had been judged up to " + String(format: "%.1f s.", position.seconds)
    }
}
