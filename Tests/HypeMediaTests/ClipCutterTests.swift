import Foundation
import HypeCore
import Testing

@testable import HypeMedia

struct ClipCutterTests {
    static let recordings = ["mp4", "mkv", "ts", "flv"].flatMap { container in [0, 2].map { (container, $0) } }

    @Test(arguments: recordings)
    func keepsSoundAndPictureTogetherAndStartsAtTheWantedPicture(container: String, bFrames: Int) throws {
        let path = try TestMedia.flashAndBeep(container, bFrames: bFrames)
        let file = try MediaFile(path: path)
        let original = try FlashAndBeep(path)
        let usual = try #require(original.offsets.first)
        for start in [0.013, 1.717, 3.333, 4.99] {
            let wish = MediaInterval(
                start: file.info.interval.start + .seconds(start),
                end: file.info.interval.start + .seconds(start + 2.4)
            )
            let output = TestMedia.scratch("clip.mp4")
            let clip = try ClipCutter().cut(file, interval: wish, to: output)
            let written = try FlashAndBeep(output)
            #expect(written.offsets.count >= 2)
            for offset in written.offsets {
                // Half a millisecond of rounding in containers that stamp in milliseconds, on either side.
                #expect(abs(offset - usual) <= 0.0011, "\(container) from \(start) s: \(offset) against \(usual)")
            }
            let shown = try FrameReader(try MediaFile(path: output), settings: .init(step: .nanoseconds(1), selection: .all))
            let first = try #require(try shown.next())
            let wanted = try #require(
                try FrameReader(file, settings: .init(selection: .all)).frame(shownAt: wish.start)
            )
            #expect(first.time == .zero)
            #expect(first.image == wanted.image)
            #expect(clip.interval.start == wanted.time)
            #expect(abs((clip.duration - wish.duration).inSeconds) <= 0.12)
            #expect(clip.converted.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: output + ".part"))
        }
    }
}
