import HypeCore
import HypeEmotion
import HypeMedia
import HypeWorkerLink

/// The opened files of one subject: where its pictures and its sound come from.
struct SubjectMedia: Sendable {
    /// Where pictures come from.
    enum Pictures: Sendable {
        case still(StillReader.Still)
        case moving(MediaFile)
    }

    /// Longest recording that is judged in one go; what comes after it is left out, and said.
    static let longest = Duration.seconds(4 * 3600)

    /// Where pictures come from; nil where there are none, or none are wanted.
    let pictures: Pictures?
    /// Where sound comes from; nil where there is none, or none is wanted.
    let sound: MediaFile?
    /// The clips of the subject.
    let grid: ClipGrid
    /// What kind of media it is.
    let kind: EmotionReading.Kind
    /// Why there are no pictures or no sound, for a person.
    let missingFace: String?
    let missingVoice: String?
    /// What a person should know.
    let notes: [String]

    /// Opens the files.
    ///
    /// - Throws: ``MediaError`` where one of them cannot be read, or ``WorkerFailure``.
    init(_ subject: PredictSubject, wish: PredictWish, job: Job, interrupt: MediaInterrupt) throws {
        let open = { (path: String) throws -> MediaFile in
            try MediaFile(path: path, interrupt: interrupt) { job.progress(to: $0) }
        }
        let main = try (subject.file ?? subject.video ?? subject.image).map(open)
        let separate = try subject.audio.map(open)
        let soundFile = separate ?? main
        var pictures: Pictures?
        if let main, main.video != nil, wish.wantsFaces { pictures = try Self.pictures(of: main, interrupt: interrupt) }
        self.pictures = pictures
        let hasSound = soundFile?.audio != nil
        sound = wish.wantsVoice && hasSound ? soundFile : nil
        missingFace = wish.wantsFaces && pictures == nil ? "there is no picture" : nil
        missingVoice = wish.wantsVoice && !hasSound ? "there is no sound" : nil
        let isStill = if case .still = pictures { true } else { false }
        let hasPictures = main?.video != nil
        kind = isStill ? .picture : hasPictures ? .video : .sound
        let lengths = [isStill ? nil : hasPictures ? main : nil, sound].compactMap { $0?.info.interval.duration }
        let length = lengths.max() ?? .zero
        grid = ClipGrid(duration: min(length, Self.longest))
        notes =
            length > Self.longest ? ["Only the first \(Self.longest.components.seconds / 3600) hours were judged."] : []
        guard pictures != nil || sound != nil || !wish.wantsFaces || !wish.wantsVoice else {
            throw MediaError(.noStreams, "\(subject.name) has neither picture nor sound.")
        }
    }

    /// A single picture, or moving ones.
    ///
    /// A file without sound that is no longer than a picture is looked into: animations begin as pictures do.
    private static func pictures(of file: MediaFile, interrupt: MediaInterrupt) throws -> Pictures {
        let isShort = file.info.interval.duration < .milliseconds(100)
        let isPictureFormat = file.info.container.split(separator: ",").contains { name in
            name.hasSuffix("_pipe") || name == "image2" || name == "gif" || name == "apng"
        }
        guard file.audio == nil, isShort || isPictureFormat else { return .moving(file) }
        let still = try StillReader.read(file, longestSide: StillFaceReader.usefulSide, interrupt: interrupt)
        return still.isFirstOfMany ? .moving(file) : .still(still)
    }
}
