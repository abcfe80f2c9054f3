import Foundation
import HypeCore
import HypeEmotion
import Testing

@Suite
struct VoiceSoundsTests {
    private static let interval = MediaInterval(seconds: 130..<132)

    private static func window(_ content: VoiceWindow.Content, level: Double = -25) -> VoiceWindow {
        VoiceWindow(interval: interval, level: level, speechFraction: 0, newSpeechSeconds: 0, content: content)
    }

    private static let quiet = window(.quiet)
    private static let voice = window(
        .voice(VoiceMeasure(level: -25, pitch: 120, effort: -10), VoiceGains.none, isBurst: false)
    )

    /// The score after sounds were heard in a window that scored without them.
    private func score(_ before: Double, _ scores: SoundScores, in window: VoiceWindow) throws -> Double {
        let evidence = VoiceEvidence(arousal: 0, loudness: -25, loudnessGain: 0, speechFraction: 0)
        let plain = Observation(kind: .voice, interval: Self.interval, score: before, evidence: .voice(evidence))
        let time = Self.interval.midpoint
        return try #require(VoiceSounds(scores: scores, time: time).applied(to: plain, window: window).score)
    }

    @Test
    func aSureLaughOrScreamIsAnAlarmWithAndWithoutSpeech() throws {
        for sounds in [SoundScores(laughter: 0.5), SoundScores(scream: 0.5)] {
            #expect(try score(0, sounds, in: Self.quiet) > 0.6)
            #expect(try score(0.06, sounds, in: Self.voice) > 0.6)
            #expect(try score(0.4, sounds, in: Self.voice) > 0.9)
        }
    }

    @Test
    func surerSoundsRaiseMoreAndNeverLower() throws {
        let scores = try [0.1, 0.15, 0.2, 0.25, 0.3, 1].map {
            try score(0.1, SoundScores(laughter: $0), in: Self.voice)
        }
        #expect(scores == scores.sorted())
        #expect(scores.first == 0.1)
        #expect(scores.allSatisfy { $0 <= 1 })
        #expect(try score(1, SoundScores(laughter: 1), in: Self.voice) > 0.999)
    }

    @Test
    func uncertainSoundsChangeNothingAtAll() throws {
        let evidence = VoiceEvidence(arousal: 0.2, loudness: -25, loudnessGain: 1, speechFraction: 0.8)
        let plain = Observation(kind: .voice, interval: Self.interval, score: 0.2, evidence: .voice(evidence))
        let sounds = SoundScores(laughter: 0.09, scream: 0.09, cheering: 0.29, applause: 0.29, crowd: 1, programme: 1)
        #expect(VoiceSounds(scores: sounds, time: .zero).applied(to: plain, window: Self.voice) == plain)
    }

    @Test(arguments: [
        SoundScores(programme: 1), SoundScores(crowd: 1), SoundScores(cheering: 1), SoundScores(applause: 1),
        SoundScores(scream: 0.4, crowd: 0.6), SoundScores(scream: 0.4, cheering: 0.6),
        SoundScores(laughter: 0.4, applause: 0.5), SoundScores(scream: 0.4, programme: 0.8),
    ])
    func soundOfTheGameIsNoVoice(sounds: SoundScores) throws {
        #expect(try score(0, sounds, in: Self.quiet) == 0)
    }

    @Test
    func cheeringCountsALittleWhileSomebodySpeaks() throws {
        let raised = try score(0.06, SoundScores(cheering: 1), in: Self.voice)
        #expect(raised > 0.06)
        #expect(raised < 0.35)
        #expect(try score(0.4, SoundScores(applause: 1), in: Self.voice) > 0.5)
    }

    @Test
    func aLaughOverMusicCountsWhileSomebodySpeaks() throws {
        #expect(try score(0.06, SoundScores(laughter: 0.4, programme: 0.9), in: Self.voice) > 0.6)
    }

    @Test
    func whatWasHeardIsEvidenceWithItsTime() throws {
        let sounds = SoundScores(laughter: 0.83, scream: 0.2, cheering: 0.2, applause: 0.4)
        let heard = try #require(VoiceSounds(scores: sounds, time: MediaTime(seconds: 134)).heard)
        #expect(heard.map(\.kind) == [.laughter, .applause, .scream])
        #expect(heard.map(\.score) == [0.83, 0.4, 0.2])
        #expect(heard.allSatisfy { $0.time == MediaTime(seconds: 134) })
        #expect(VoiceSounds(scores: SoundScores(crowd: 1, programme: 1), time: .zero).heard == nil)
    }

    @Test
    func evidenceWithoutSoundsIsWrittenAsBefore() throws {
        var evidence = VoiceEvidence(arousal: 0, loudness: -25, loudnessGain: 0, speechFraction: 0)
        #expect(!String(decoding: try JSONEncoder().encode(evidence), as: UTF8.self).contains("sounds"))
        evidence.sounds = [HeardSound(kind: .laughter, score: 0.83, time: MediaTime(seconds: 134))]
        let json = String(decoding: try JSONEncoder().encode(evidence), as: UTF8.self)
        #expect(json.contains(#""kind":"laughter""#) && json.contains(#""time":134"#))
        #expect(try JSONDecoder().decode(VoiceEvidence.self, from: Data(json.utf8)) == evidence)
    }

    @Test
    func soundsAreListenedForWhereTheStreamerCanBe() {
        var habit = VoiceBaseline()
        #expect(!VoiceSounds.isPlausible(in: Self.quiet, habit: habit))
        #expect(VoiceSounds.isPlausible(in: Self.voice, habit: habit))
        habit.learn(VoiceMeasure(level: -30, pitch: 120, effort: -10), seconds: 5, isExcited: false)
        #expect(VoiceSounds.isPlausible(in: Self.window(.quiet, level: -39), habit: habit))
        #expect(!VoiceSounds.isPlausible(in: Self.window(.quiet, level: -41), habit: habit))
        #expect(!VoiceSounds.isPlausible(in: Self.window(.dead, level: -20), habit: habit))
    }
}

/// The analyzer with something that listens for sounds.
@Suite
struct VoiceAnalyzerSoundTests {
    /// Says the same of every window and counts the questions.
    private final class FixedSounds: SoundEventHearing {
        private(set) var calls = 0
        private let answer: ([Float]) -> SoundScores

        init(_ answer: @escaping ([Float]) -> SoundScores) { self.answer = answer }

        func scores(of samples: [Float]) -> SoundScores {
            precondition(samples.count == SoundScores.windowLength)
            calls += 1
            return answer(samples)
        }
    }

    private func observe(_ sound: [Float], _ sounds: (any SoundEventHearing)?) throws -> [Observation] {
        let analyzer = try VoiceAnalyzer(
            detector: LoudSpeechDetector(),
            model: FixedEmotionModel(arousal: 0.4),
            sounds: sounds
        )
        return try analyzer.push(sound) + analyzer.finish()
    }

    private let talk =
        TestVoice.buzz(pitch: 120, amplitude: 0.05, seconds: 12) + TestVoice.noise(amplitude: 0.009, seconds: 3)
        + TestVoice.buzz(pitch: 240, amplitude: 0.3, seconds: 3) + TestVoice.silence(seconds: 4)

    @Test
    func nothingHeardGivesTheSameAsNoModel() throws {
        let without = try observe(talk, nil)
        #expect(try observe(talk, FixedSounds { _ in SoundScores(crowd: 1, programme: 1) }) == without)
        #expect(without.allSatisfy { $0.voice?.sounds == nil })
    }

    @Test
    func aLaughIsHeardWhereItIs() throws {
        // A laugh is planted where the sound is loudest, in the shouted part from 15 to 18 s.
        let sounds = FixedSounds { SoundScores(laughter: $0.contains { abs($0) > 0.4 } ? 0.6 : 0) }
        let without = try observe(talk, nil)
        let with = try observe(talk, sounds)
        #expect(with.map(\.interval) == without.map(\.interval))
        for (plain, heard) in zip(without, with) {
            #expect((heard.score ?? 0) >= (plain.score ?? 0))
            let middle = heard.interval.midpoint.seconds
            if middle > 15.6, middle < 17.4 {
                let sound = try #require(heard.voice?.sounds?.first)
                #expect(sound.kind == .laughter)
                #expect(sound.time == heard.interval.midpoint)
            }
            if middle < 14.4 || middle > 19.1 { #expect(heard == plain) }
        }
    }

    @Test
    func aShortLaughIsLongEnoughForASignal() throws {
        // Surely heard in one window only; a voice signal needs a second.
        var windows = 0
        let sounds = FixedSounds { _ in
            windows += 1
            return SoundScores(laughter: windows == 10 ? 0.5 : 0.05)
        }
        let observations = try observe(TestVoice.buzz(pitch: 120, amplitude: 0.05, seconds: 20), sounds)
        let raised = observations.filter { ($0.score ?? 0) > 0.5 }
        #expect(raised.count == 2)
        #expect(raised.last.map { $0.interval.end } == raised.first.map { $0.interval.end + VoiceTracker.hop })
    }

    @Test
    func aCalmVoiceIsAskedAboutOnceASecondAndSilenceNever() throws {
        let calm = FixedSounds { _ in SoundScores() }
        _ = try observe(TestVoice.buzz(pitch: 120, amplitude: 0.05, seconds: 20), calm)
        // 39 windows, the first at 1.0 s, the last at 20.0 s.
        #expect(calm.calls == 20)
        let stirring = FixedSounds { _ in SoundScores(laughter: 0.2) }
        _ = try observe(TestVoice.buzz(pitch: 120, amplitude: 0.05, seconds: 20), stirring)
        #expect(stirring.calls == 39)
        let silent = FixedSounds { _ in SoundScores() }
        _ = try observe(TestVoice.silence(seconds: 20), silent)
        #expect(silent.calls == 0)
    }
}
