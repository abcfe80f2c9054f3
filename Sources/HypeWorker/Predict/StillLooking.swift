import HypeCore
import HypeEmotion
import HypeMedia
import HypeWorkerLink

/// Looks at the faces of a single picture.
struct StillLooking: Sendable {
    /// What was seen.
    struct Findings: Sendable {
        /// The faces, the one that matters most first.
        var faces: [FaceReading] = []
        /// What the net told the expression of the first one from; empty without a face.
        var embedding: [Float] = []
        /// What the net saw of each: grey 0…255, shape `[48, 48]`.
        var cuts: [[Float]] = []
        /// Why there is none, for a person.
        var missing: String?
        /// Time for finding and reading faces.
        var looking = Stopwatch()
    }

    let shelf: Shelf

    func run(_ still: StillReader.Still, isCropped: Bool) throws -> Findings {
        var findings = Findings()
        let reader = try StillFaceReader(models: shelf.faceModels())
        let faces = try findings.looking.measure {
            isCropped ? try [reader.crop(still.image)].compactMap { $0 } : try reader.faces(in: still.image)
        }
        let scale = Float(still.width) / Float(max(1, still.image.width))
        for (index, face) in faces.enumerated() {
            let box = FaceBox(
                x: face.box.x * scale,
                y: face.box.y * scale,
                width: face.box.width * scale,
                height: face.box.height * scale
            )
            findings.faces.append(
                FaceReading(
                    track: index + 1,
                    time: .zero,
                    emotion: face.emotion,
                    region: box.region.clamped(toWidth: still.width, height: still.height) ?? box.region,
                    confidence: face.confidence.map(Double.init)
                )
            )
            findings.cuts.append(face.cut)
        }
        findings.embedding = faces.first?.embedding ?? []
        if faces.isEmpty { findings.missing = isCropped ? "the picture is too small" : "no face was found" }
        return findings
    }
}
