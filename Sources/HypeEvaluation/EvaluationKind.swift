extension EvaluationReport.Kind {
    /// What the files are called, such as `sounds`.
    package var noun: String {
        switch self {
        case .picture: "pictures"
        case .sound: "sounds"
        case .video: "films (faces)"
        case .both: "films (voice and faces)"
        }
    }

    /// Why a file may have no answer.
    package var noAnswer: String {
        switch self {
        case .picture, .video: "no face was found"
        case .sound: "nobody speaks"
        case .both: "neither a face nor a voice was found"
        }
    }

    /// Names of the models that answer, the one whose threshold counts first.
    package var models: [String] {
        switch self {
        case .picture, .video: ["face-expression"]
        case .sound: ["voice-emotion"]
        case .both: ["fusion", "voice-emotion", "face-expression"]
        }
    }
}
