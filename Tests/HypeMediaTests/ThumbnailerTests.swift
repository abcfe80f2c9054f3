import Foundation
import HypeCore
import HypeMedia
import Testing

struct ThumbnailerTests {
    @Test func showsThePictureOfTheInstant() throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep("mp4", bFrames: 2))
        let thumbnailer = Thumbnailer(longestSide: 100, quality: 90)
        for (time, isWhite) in [(3.01, true), (3.5, false), (4.05, true), (-1, true), (99, false)] {
            let jpeg = try thumbnailer.jpeg(of: file, at: MediaTime(seconds: time))
            #expect(jpeg.starts(with: [0xFF, 0xD8, 0xFF]))
            let path = TestMedia.scratch("thumbnail.jpg")
            try Data(jpeg).write(to: URL(fileURLWithPath: path))
            let frame = try #require(try FrameReader(try MediaFile(path: path)).next())
            #expect(frame.image.width == 100)
            #expect(frame.image.height == 56)
            #expect((frame.image.brightness > 240) == isWhite, "\(time)")
        }
    }

    @Test func getsSmallerWithLessQuality() throws {
        let file = try MediaFile(path: try TestMedia.flashAndBeep("mp4", bFrames: 2))
        let sizes = try [20, 60, 95].map {
            try Thumbnailer(quality: $0).jpeg(of: file, at: MediaTime(seconds: 2.5)).count
        }
        #expect(sizes == sizes.sorted())
        #expect(sizes[0] * 2 < sizes[2])
    }
}
