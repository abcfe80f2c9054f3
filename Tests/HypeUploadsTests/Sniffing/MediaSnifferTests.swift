import Foundation
import HypeCore
import HypeUploads
import Testing

@Suite
struct MediaSnifferTests {
    private func kind(_ bytes: [UInt8]) -> MediaKind? { MediaSniffer.identify(bytes)?.kind }

    @Test
    func looksIntoAMovieForItsTracks() throws {
        #expect(MediaSniffer.identify(TestFiles.mp4(["vide", "soun"])) == MediaIdentity(.mp4, .video))
        #expect(MediaSniffer.identify(TestFiles.mp4(["soun"])) == MediaIdentity(.mp4, .audio))
        #expect(MediaSniffer.identify(TestFiles.mp4(["soun", "vide"])) == MediaIdentity(.mp4, .video))
        #expect(MediaSniffer.identify(TestFiles.mp4(["soun"], brand: "qt  ")) == MediaIdentity(.quickTime, .audio))
        // The movie's description may stand at the end, where it is not seen.
        let late = try #require(MediaSniffer.identify(TestFiles.mp4([])))
        #expect(late == MediaIdentity(.mp4, .video, isCertain: false))
        #expect(late.fits(.audio) && late.fits(.video) && !late.fits(.image))
        #expect(MediaSniffer.identify(TestFiles.mp4([], brand: "M4A ")) == MediaIdentity(.mp4, .audio))
        #expect(MediaSniffer.identify(TestFiles.mp4([], brand: "avif")) == nil)
        // Cut off within the movie: a track of pictures may follow.
        let cut = Array(TestFiles.mp4(["soun", "soun", "vide"]).prefix(330))
        #expect(MediaSniffer.identify(cut)?.isCertain == false)
    }

    @Test
    func knowsPictures() {
        #expect(kind(TestFiles.png) == .image)
        #expect(kind(TestFiles.jpeg) == .image)
    }

    @Test(arguments: [
        "#!/bin/sh\nrm -rf /", "<html><script>", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd", "ffconcat version 1.0\n",
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1", "\u{7f}ELF", "PK\u{3}\u{4}", "%PDF-1.7", "RIFF\0\0\0\0WEBPVP8 ", "GIF89a",
        "", "G", "ID3",
    ])
    func doesNotKnowOthers(_ text: String) {
        #expect(MediaSniffer.identify(Array(text.utf8)) == nil)
    }

    @Test
    func noiseIsNothing() {
        var random = SplitMix64(seed: 77)
        let known = (0..<2000).count { _ in
            kind((0..<2000).map { _ in UInt8(truncatingIfNeeded: random.next()) }) != nil
        }
        #expect(known == 0)
    }

    @Test
    func mutatedFilesNeverTrap() {
        var ebml: [UInt8] = [0x1a, 0x45, 0xdf, 0xa3, 0x87, 0x42, 0x82, 0x84] + Array("webm".utf8)
        ebml += [0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
        ebml += [0x16, 0x54, 0xae, 0x6b, 0x85, 0xae, 0x83, 0x83, 0x81, 0x02]
        #expect(MediaSniffer.identify(ebml) == MediaIdentity(.webM, .audio))
        let ogg = Array("OggS\0\u{2}".utf8) + [UInt8](repeating: 0, count: 20) + [1, 19] + Array("OpusHead".utf8)
        let mp3: [UInt8] =
            Array("ID3\u{4}\0\0\0\0\0\u{1}\0".utf8) + [0xff, 0xfb, 0x90, 0x00] + [UInt8](repeating: 0, count: 413)
        #expect(MediaSniffer.identify(mp3) == MediaIdentity(.mp3, .audio))
        let adts: [UInt8] = [0xff, 0xf1, 0x50, 0x80, 0x01, 0x1f, 0xfc, 0]
        #expect(MediaSniffer.identify(adts) == MediaIdentity(.adts, .audio))
        let seeds = [
            TestFiles.mp4(["soun", "vide"], media: 20), TestFiles.mp4([], media: 20), ebml, ogg, mp3, adts,
            TestFiles.wav(40),
            TestFiles.png, Array("FLV\u{1}\u{5}".utf8), Array("FORM\0\0\0\0AIFC".utf8),
            (0..<940).map { $0 % 188 == 0 ? 0x47 : 0 },
        ]
        var random = SplitMix64(seed: 4)
        for index in 0..<30_000 {
            var bytes = seeds[index % seeds.count]
            for _ in 0...random.index(below: 6) {
                let place = random.index(below: bytes.count)
                switch random.index(below: 3) {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes[place] = [0, 1, 0x7f, 0x80, 0xff][random.index(below: 5)]
                default: bytes.removeSubrange(max(1, place)...)
                }
            }
            _ = MediaSniffer.identify(bytes)
        }
    }
}

/// Files as `ffmpeg` makes them.
@Suite(.serialized)
struct MediaSnifferRealFileTests {
    private static let picture = ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10:duration=1"]
    private static let sound = ["-f", "lavfi", "-i", "sine=frequency=440:duration=1"]

    struct Recipe: Sendable, CustomStringConvertible {
        var file: String
        var arguments: [String]
        var format: MediaIdentity.Format
        var kind: MediaKind
        var isCertain = true
        var description: String { file }

        init(
            _ file: String,
            _ arguments: [String],
            _ format: MediaIdentity.Format,
            _ kind: MediaKind,
            isCertain: Bool = true
        ) {
            self.file = file
            self.arguments = arguments
            self.format = format
            self.kind = kind
            self.isCertain = isCertain
        }
    }

    private static let both = picture + sound
    static let recipes = [
        Recipe("a.mp4", both + ["-c:v", "mpeg4", "-movflags", "faststart"], .mp4, .video),
        Recipe(
            "late.mp4",
            both + ["-c:v", "mpeg4", "-s", "1280x720", "-qscale:v", "1"],
            .mp4,
            .video,
            isCertain: false
        ),
        Recipe("live.mp4", both + ["-c:v", "mpeg4", "-movflags", "frag_keyframe+empty_moov"], .mp4, .video),
        Recipe("sound.mp4", sound + ["-movflags", "faststart"], .mp4, .audio),
        Recipe("a.m4a", sound, .mp4, .audio),
        Recipe("a.mov", both + ["-c:v", "mpeg4", "-movflags", "faststart"], .quickTime, .video),
        Recipe("a.3gp", picture + ["-c:v", "mpeg4", "-movflags", "faststart"], .threeGP, .video),
        Recipe("a.mkv", both + ["-c:v", "mpeg4"], .matroska, .video),
        Recipe("a.mka", sound + ["-c:a", "flac"], .matroska, .audio),
        Recipe("a.webm", both + ["-c:v", "libvpx", "-c:a", "libvorbis"], .webM, .video),
        Recipe("sound.webm", sound + ["-c:a", "libopus"], .webM, .audio),
        Recipe("live.webm", sound + ["-c:a", "libopus", "-live", "1"], .webM, .audio),
        Recipe("a.avi", both + ["-c:v", "mpeg4"], .avi, .video),
        Recipe("a.flv", both + ["-c:v", "flv1", "-ar", "44100"], .flv, .video),
        Recipe("sound.flv", sound + ["-ar", "44100"], .flv, .audio, isCertain: false),
        Recipe("a.ts", both + ["-c:v", "mpeg2video"], .transportStream, .video, isCertain: false),
        Recipe("a.m2ts", both + ["-c:v", "mpeg2video"], .transportStream, .video, isCertain: false),
        Recipe("a.mpg", both + ["-c:v", "mpeg1video", "-r", "25"], .programStream, .video, isCertain: false),
        Recipe("a.wav", sound, .wav, .audio),
        Recipe("big.wav", sound + ["-rf64", "always"], .wav, .audio),
        Recipe("a.flac", sound, .flac, .audio),
        Recipe("a.ogg", sound + ["-c:a", "libvorbis"], .ogg, .audio),
        Recipe("a.opus", sound + ["-c:a", "libopus"], .ogg, .audio),
        Recipe("a.ogv", picture + ["-c:v", "libtheora"], .ogg, .video),
        Recipe("a.mp3", sound, .mp3, .audio),
        Recipe("bare.mp3", sound + ["-id3v2_version", "0", "-write_xing", "0"], .mp3, .audio),
        Recipe("low.mp3", sound + ["-ar", "16000"], .mp3, .audio),
        Recipe("a.mp2", sound, .mp3, .audio),
        Recipe("a.aac", sound, .adts, .audio),
        Recipe("a.aiff", sound, .aiff, .audio),
        Recipe("a.jpg", picture + ["-frames:v", "1"], .jpeg, .image),
        Recipe("a.png", picture + ["-frames:v", "1"], .png, .image),
    ]

    @Test(arguments: recipes)
    func knowsRealFiles(_ recipe: Recipe) throws {
        let folder = try TestFolder()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["ffmpeg", "-v", "error", "-nostdin", "-y"] + recipe.arguments + [
                "-strict", "-2", folder.file(recipe.file),
            ]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "ffmpeg cannot make \(recipe.file)")
        let bytes = try #require(folder.bytes(recipe.file))
        let identity = MediaSniffer.identify(Array(bytes.prefix(MediaSniffer.window)))
        #expect(identity == MediaIdentity(recipe.format, recipe.kind, isCertain: recipe.isCertain))
    }
}
