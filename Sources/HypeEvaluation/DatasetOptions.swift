/// Which tracks of a recording are judged.
package enum Modality: String, CaseIterable, Sendable, Codable {
    /// The voice.
    case audio
    /// The faces.
    case video
    /// Voice and faces, fused.
    case both
}

/// What says which emotion a clip of CREMA-D shows.
///
/// The actors were told what to play; a crowd then said what it heard, what it saw, and what it heard and saw.
package enum Labelling: String, CaseIterable, Sendable, Codable {
    /// What the actor was told to play, as it stands in the file's name.
    case intended
    /// What most raters of sound and picture together answered.
    case crowd
    /// What most raters of the silent picture answered.
    case crowdFace = "crowd-face"
    /// What most raters of the sound alone answered.
    case crowdVoice = "crowd-voice"
}

/// How a collection is read.
package struct DatasetOptions: Hashable, Sendable {
    /// Which tracks are judged; decides which files of a clip are taken.
    package var modality: Modality
    /// What the labels of CREMA-D are; other collections know only the intended ones.
    package var labelling: Labelling

    /// Creates options.
    package init(modality: Modality = .audio, labelling: Labelling = .intended) {
        self.modality = modality
        self.labelling = labelling
    }
}
