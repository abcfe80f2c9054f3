package import HypeInference

/// YAMNet, which knows 521 sounds (Plakal and Ellis, 2020; trained on AudioSet).
///
/// `yamnet.tflite`: input `[1, 15600]`, mono PCM in [-1, 1] at 16 kHz; output `Identity` `[1, 521]`, a score of 0…1 for
/// each class of `yamnet_class_map.csv`. The spectrogram is part of the graph. The classes that matter are pinned here by
/// index and name; a test compares them with the class map.
package final class YAMNet: SoundEventHearing {
    /// Classes of the model: index and name in the class map.
    package typealias Classes = [(index: Int, name: String)]

    /// Laughter, but not that of babies.
    package static let laughter: Classes = [
        (13, "Laughter"), (15, "Giggle"), (16, "Snicker"), (17, "Belly laugh"), (18, "Chuckle, chortle"),
    ]
    /// Loud voices of one person, without words that matter.
    package static let scream: Classes = [
        (6, "Shout"), (7, "Bellow"), (8, "Whoop"), (9, "Yell"), (11, "Screaming"),
    ]
    package static let cheering: Classes = [(61, "Cheering")]
    package static let applause: Classes = [(58, "Clapping"), (62, "Applause")]
    package static let crowd: Classes = [
        (10, "Children shouting"), (63, "Chatter"), (64, "Crowd"), (65, "Hubbub, speech noise, speech babble"),
        (66, "Children playing"),
    ]
    /// What games and films are full of.
    package static let programme: Classes = [
        (132, "Music"), (265, "Soundtrack music"), (267, "Video game music"), (420, "Explosion"),
        (421, "Gunshot, gunfire"), (422, "Machine gun"), (423, "Fusillade"), (424, "Artillery fire"), (425, "Cap gun"),
        (426, "Fireworks"), (427, "Firecracker"), (430, "Boom"), (498, "Sound effect"), (518, "Television"),
        (519, "Radio"),
    ]
    /// Number of classes.
    private static let classCount = 521

    private let request: InferenceRequest
    private let output: Int

    /// Prepares the model.
    ///
    /// - Parameter model: The compiled model.
    /// - Throws: ``EmotionError`` with code `.unsuitableModel`, or what making the request throws.
    package init(model: CompiledModel) throws {
        output = try model.outputIndex("Identity")
        guard model.inputs.map(\.count) == [SoundScores.windowLength], model.outputs[output].count == Self.classCount
        else {
            throw EmotionError(
                .unsuitableModel,
                "\(model.name) is not the pinned YAMNet; run `hypeclip models pull yamnet` to get it"
            )
        }
        request = try model.makeRequest()
    }

    package func scores(of samples: [Float]) throws -> SoundScores {
        try request.setInput(samples, at: 0)
        try request.run()
        return request.withOutput(output) { scores in
            func strongest(_ classes: Classes) -> Double {
                Double(classes.reduce(0) { max($0, scores[$1.index]) })
            }
            return SoundScores(
                laughter: strongest(Self.laughter),
                scream: strongest(Self.scream),
                cheering: strongest(Self.cheering),
                applause: strongest(Self.applause),
                crowd: strongest(Self.crowd),
                programme: strongest(Self.programme)
            )
        }
    }

    /// The score of every class, in the order of the class map.
    ///
    /// - Parameter samples: As for ``scores(of:)``.
    /// - Returns: Scores 0…1. Shape `[521]`.
    /// - Throws: What running the model throws.
    package func allScores(of samples: [Float]) throws -> [Float] {
        try request.setInput(samples, at: 0)
        try request.run()
        return request.output(output)
    }
}
