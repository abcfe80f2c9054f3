import Foundation
import HypeCore
import HypeMedia
import Testing

struct StillReaderTests {
    /// A picture with a bright left and a dark right half.
    private func picture(_ name: String, _ options: [String] = [], format: String = "gray") throws -> String {
        let filter = "nullsrc=s=64x32,format=\(format),geq=lum='if(lt(X,32),200,17)':cb=128:cr=128"
        return try TestMedia.recording(name, ["-f", "lavfi", "-i", filter, "-frames:v", "1"] + options)
    }

    private func read(_ path: String, longestSide: Int = 1000) throws -> StillReader.Still {
        try StillReader.read(MediaFile(path: path), longestSide: longestSide)
    }

    /// Red of a pixel.
    private func red(_ image: PixelBuffer, _ x: Int, _ y: Int) -> Int { Int(image.bytes[(y * image.width + x) * 3]) }

    @Test(arguments: ["png", "bmp", "tiff", "pgm"])
    func greyValuesArriveUnchanged(ending: String) throws {
        let still = try read(try picture("halves.\(ending)"))
        #expect(still.width == 64 && still.height == 32)
        #expect(!still.isFirstOfMany)
        #expect(red(still.image, 10, 10) == 200)
        #expect(red(still.image, 50, 10) == 17)
    }

    @Test(arguments: ["jpg", "webp"])
    func compressedPicturesAreRead(ending: String) throws {
        let still = try read(try picture("lossy.\(ending)", format: "yuvj420p"))
        #expect(still.image.width == 64 && still.image.height == 32)
        #expect(red(still.image, 10, 10) > 180)
        #expect(red(still.image, 50, 10) < 40)
    }

    @Test
    func largePicturesAreMadeSmaller() throws {
        let still = try read(try picture("halves.png"), longestSide: 16)
        #expect(still.image.width == 16 && still.image.height == 8)
        #expect(still.width == 64 && still.height == 32)
    }

    @Test(arguments: [(6, 32, 64), (8, 32, 64), (3, 64, 32), (1, 64, 32)])
    func turnOfTheCameraIsUndone(orientation: Int, width: Int, height: Int) throws {
        let plain = try Data(contentsOf: URL(filePath: picture("lossy.jpg", format: "yuvj420p")))
        let header: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0, 0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0]
        let entry: [UInt8] = [0x12, 0x01, 3, 0, 1, 0, 0, 0, UInt8(orientation), 0, 0, 0, 0, 0, 0, 0]
        let exif = header + entry
        let segment = [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif
        let path = TestMedia.scratch("turned-\(orientation).jpg")
        try (plain.prefix(2) + Data(segment) + plain.dropFirst(2)).write(to: URL(filePath: path))
        let still = try read(path)
        #expect(still.width == width && still.height == height)
        // The bright half lies on the left as it is stored; turned clockwise it comes to lie on top.
        let isBright = { (x: Int, y: Int) in red(still.image, x, y) > 100 }
        switch orientation {
        case 6: #expect(isBright(16, 4) && !isBright(16, 60))
        case 8: #expect(!isBright(16, 4) && isBright(16, 60))
        case 3: #expect(!isBright(4, 16) && isBright(60, 16))
        default: #expect(isBright(4, 16) && !isBright(60, 16))
        }
    }

    @Test
    func animationsAndVideosAreTold() throws {
        let gif = try TestMedia.recording("moving.gif", ["-f", "lavfi", "-i", "testsrc2=s=64x32:d=1:r=5"])
        #expect(try read(gif).isFirstOfMany)
        #expect(try read(try TestMedia.flashAndBeep("mp4", bFrames: 2)).isFirstOfMany)
    }

    @Test
    func soundAndBrokenPicturesAreRefused() throws {
        let sound = try TestMedia.recording("sine.wav", ["-f", "lavfi", "-i", "sine=d=1"])
        let missing = #expect(throws: MediaError.self) { try read(sound) }
        #expect(missing?.code == .noVideo)
        let png = try Data(contentsOf: URL(filePath: picture("halves.png")))
        let path = TestMedia.scratch("broken.png")
        try png.prefix(60).write(to: URL(filePath: path))
        let broken = #expect(throws: MediaError.self) { try read(path) }
        #expect(broken?.message.contains("broken.png") ?? false)
    }
}
