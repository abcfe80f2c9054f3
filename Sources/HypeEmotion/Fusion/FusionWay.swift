/// Which branches an answer is made of.
package enum FusionWay: String, Codable, CodingKeyRepresentable, Sendable, CaseIterable {
    /// Of both.
    case both
    /// Of the face alone.
    case face
    /// Of the voice alone.
    case voice

    /// Decides who drops out: a branch that is missing, or one that is unsure where the other is sure.
    ///
    /// Two unsure branches stay, since together they may know what neither knows alone; the threshold of the fused answer
    /// then says whether they do.
    ///
    /// - Parameters:
    ///   - face: What the face says, or nil.
    ///   - voice: What the voice says, or nil.
    /// - Returns: The way; nil where both are missing.
    package static func chosen(face: BranchReading?, voice: BranchReading?) -> FusionWay? {
        switch (face, voice) {
        case (nil, nil): nil
        case (.some, nil): .face
        case (nil, .some): .voice
        case (.some(let face), .some(let voice)):
            switch (face.isSure, voice.isSure) {
            case (true, false): .face
            case (false, true): .voice
            case (true, true), (false, false): .both
            }
        }
    }
}
