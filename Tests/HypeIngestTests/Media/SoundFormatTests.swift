import HypeIngest
import NIOCore
import Testing

struct SoundFormatTests {
    @Test(arguments: [
        (MediaCodec.aac, "1190", 48_000, 2), (.aac, "1210", 44_100, 2), (.aac, "1408", 16_000, 1),
        (.aac, "11b8", 48_000, 8),
        // Rate 12,345 Hz in full: object type 2, index 15.
        (.aac, "17 80 18 1c 90", 12_345, 2),
        (.opus, "4f707573 48656164 01 06 3801 80bb0000 0000 00", 48_000, 6),
        (.flac, "664c6143 80000022 1000 1000 00000e 0010c0 0ac442f0 00000000 0000", 44_100, 2),
    ])
    func readsConfigurations(codec: MediaCodec, hex: String, rate: Int, channels: Int) {
        let format = SoundFormat(codec, configuration: bytes(hex))
        #expect(format == SoundFormat(rate: rate, channels: channels))
    }

    @Test(arguments: [
        (MediaCodec.aac, "11"), (.aac, "1188ff00"), (.opus, "4f70"), (.flac, "664c6143"), (.mp3, "fffb9064"),
    ])
    func tellsNothingOfTheRest(codec: MediaCodec, hex: String) {
        let format = SoundFormat(codec, configuration: bytes(hex))
        #expect(format == nil || format?.channels == 1)
    }
}
