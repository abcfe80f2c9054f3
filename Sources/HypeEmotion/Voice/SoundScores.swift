/// How sure a model is that it hears each of a few sounds; the scores do not exclude each other.
package struct SoundScores: Hashable, Sendable {
    /// Samples that are heard at once: 0.975 s at 16 kHz.
    package static let windowLength = 15_600
    /// Score from which a laugh or a scream may be beginning, so that it is listened to more closely.
    private static let stirring = 0.03

    /// Somebody laughs, 0…1.
    package var laughter: Double
    /// Somebody screams, shouts, yells or whoops, 0…1.
    package var scream: Double
    /// People cheer, 0…1.
    package var cheering: Double
    /// People clap, 0…1.
    package var applause: Double
    /// Many people at once, 0…1.
    package var crowd: Double
    /// Music, weapons, explosions and effects: what games and films are full of, 0…1.
    package var programme: Double

    /// Creates scores.
    package init(
        laughter: Double = 0,
        scream: Double = 0,
        cheering: Double = 0,
        applause: Double = 0,
        crowd: Double = 0,
        programme: Double = 0
    ) {
        self.laughter = laughter
        self.scream = scream
        self.cheering = cheering
        self.applause = applause
        self.crowd = crowd
        self.programme = programme
    }

    /// The surer of both for each sound.
    func joined(with other: SoundScores) -> SoundScores {
        SoundScores(
            laughter: max(laughter, other.laughter),
            scream: max(scream, other.scream),
            cheering: max(cheering, other.cheering),
            applause: max(applause, other.applause),
            crowd: max(crowd, other.crowd),
            programme: max(programme, other.programme)
        )
    }

    /// Whether there may be a laugh or a scream.
    var isStirring: Bool { max(laughter, scream) >= Self.stirring }
}

/// Hears what sounds there are.
package protocol SoundEventHearing {
    /// Listens to a window.
    ///
    /// - Parameter samples: Mono PCM in [-1, 1] at 16 kHz. Shape `[15_600]`, 0.975 s.
    /// - Returns: How sure each sound is.
    /// - Throws: What running a model throws.
    func scores(of samples: [Float]) throws -> SoundScores
}
