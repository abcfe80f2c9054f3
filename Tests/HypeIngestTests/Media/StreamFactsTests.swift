import HypeIngest
import Testing

struct StreamFactsTests {
    @Test func readsWhatOBSSays() {
        let facts = StreamFacts(
            .ecmaArray([
                .init("width", .number(1920)), .init("height", .number(1080)), .init("framerate", .number(60)),
                .init("videodatarate", .number(6000)), .init("audiodatarate", .number(160)),
                .init("audiosamplerate", .number(48_000)), .init("videocodecid", .string("avc1")),
                .init("encoder", .string("obs-output module (libobs version 29.0.2)")),
            ])
        )
        #expect(facts.width == 1920)
        #expect(facts.height == 1080)
        #expect(facts.frameRate == 60)
        #expect(facts.videoBitrate == 6_000_000)
        #expect(facts.audioBitrate == 160_000)
        #expect(facts.sampleRate == 48_000)
        #expect(facts.encoder == "obs-output module (libobs version 29.0.2)")
        #expect(facts.announcesVideo == true)
        #expect(facts.announcesAudio == true)
    }

    @Test func announcesNothingWhereNothingIsSaid() {
        #expect(StreamFacts(.object([.init("server", .string("x"))])).announcesVideo == nil)
        let sound = StreamFacts(.object([.init("audiocodecid", .number(10))]))
        #expect(sound.announcesVideo == false)
        #expect(sound.announcesAudio == true)
    }

    @Test(arguments: [-.infinity, .nan, -1, 0, 1e300, 65_536] as [Double])
    func ignoresImpossibleNumbers(number: Double) {
        let facts = StreamFacts(.object([.init("width", .number(number)), .init("framerate", .number(number))]))
        #expect(facts.width == nil)
        #expect(facts.frameRate == nil)
    }
}
