import Foundation
import HypeCore
import HypeMedia
import Testing

@Suite
struct PNGWriterTests {
    @Test(arguments: [(1, 1), (7, 3), (640, 360)])
    func aPictureComesBackUnchanged(width: Int, height: Int) throws {
        var state: UInt32 = 3
        let bytes = (0..<width * height * 3).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
        let png = try PNGWriter.encode(PixelBuffer(width: width, height: height, bytes: bytes))
        #expect(png.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).png")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data(png).write(to: path)
        let still = try StillReader.read(MediaFile(path: path.path), longestSide: 4096)
        #expect(still.width == width && still.height == height && still.image.bytes == bytes)
    }

    @Test
    func aPictureWithoutPixelsIsRefused() {
        #expect { try PNGWriter.encode(PixelBuffer(width: 0, height: 5, bytes: [])) } throws: {
            ($0 as? MediaError)?.code == .cannotEncode
        }
    }
}
