import HypeCore
import Testing

@testable import HypeMedia

struct FrameReaderTests {
    @Test(arguments: ClipCutterTests.recordings)
    func givesTheSameFramesBySeekingAsByReadingEverything(container: String, bFrames: Int) throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep(container, bFrames: bFrames))
        try Self.expectEqualFrames(in: file)
    }

    static func expectEqualFrames(
        in file: MediaFile,
        settings: FrameReader.Settings = .init(longestSide: 64),
        stretches: [(Double, Double)] = [(0, 1), (0.51, 1.9), (1.9, 2.4), (2.0, 3.0), (3.99, 4.01), (4, 6.2), (7.5, 9)]
    ) throws {
        let everything = try FrameReader(file, settings: settings).rest()
        #expect(everything.count > 10)
        let reader = try FrameReader(file, settings: settings)
        for (from, to) in stretches.reversed() {
            let interval = MediaInterval(
                start: file.info.interval.start + .seconds(from),
                end: file.info.interval.start + .seconds(to)
            )
            try reader.start(interval)
            let sought = try reader.rest()
            let expected = everything.filter { interval.contains($0.time) }
            #expect(sought.map(\.time) == expected.map(\.time), "\(file.path) \(from)…\(to)")
            #expect(sought.map(\.image) == expected.map(\.image), "\(file.path) \(from)…\(to)")
        }
    }
}
