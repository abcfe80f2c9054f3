import HypeCore
import HypeEmotion
import Testing

/// Pixels against those of the reference's image processor.
@Suite
struct ClipPictureTests {
    private let normalizer = ClipNormalizer(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

    @Test(arguments: 0..<12)
    func pixelsAreThoseOfTheReference(index: Int) throws {
        let wanted = try VideoParity.load().cuts[index]
        let region = wanted.region.map { PixelRegion(x: $0[0], y: $0[1], width: $0[2], height: $0[3]) }
        let picture = try #require(
            ClipPicture(VideoParity.picture(wanted.width, wanted.height), region: region, side: wanted.side)
        )
        #expect(CRC32.value(of: picture.planes) == wanted.crc32)
        let numbers = self.numbers(of: picture)
        for (place, number) in zip(wanted.places, wanted.numbers) {
            #expect(abs(numbers[place] - number) <= 1e-6, "number \(place)")
        }
    }

    @Test
    func aRegionOutsideOfThePictureGivesNothing() {
        let picture = VideoParity.picture(40, 30)
        #expect(ClipPicture(picture, region: PixelRegion(x: 40, y: 0, width: 9, height: 9), side: 8) == nil)
        #expect(ClipPicture(picture, region: PixelRegion(x: -9, y: 3, width: 9, height: 9), side: 8) == nil)
        #expect(ClipPicture(picture, side: 0) == nil)
        #expect(ClipPicture(PixelBuffer(width: 0, height: 0, bytes: []), side: 8) == nil)
    }

    @Test
    func aPlainPictureStaysPlainInEverySize() throws {
        for (width, height) in [(3, 900), (900, 3), (16, 16), (17, 15), (500, 300)] {
            let plain = PixelBuffer(
                width: width,
                height: height,
                bytes: (0..<width * height).flatMap { _ in [255, 7, 0] as [UInt8] }
            )
            let planes = try #require(ClipPicture(plain, side: 16)).planes
            #expect(planes[0..<256].allSatisfy { $0 == 255 })
            #expect(planes[256..<512].allSatisfy { $0 == 7 })
            #expect(planes[512...].allSatisfy { $0 == 0 })
        }
    }

    @Test
    func theSquareAroundAFaceIsTwiceAsWide() {
        let region = ClipRegion.around(FaceBox(x: 100, y: 50, width: 40, height: 60))
        #expect(region == PixelRegion(x: 60, y: 20, width: 120, height: 120))
    }

    private func numbers(of picture: ClipPicture) -> [Float] {
        var numbers = [Float](repeating: 0, count: picture.planes.count)
        var span = numbers.mutableSpan
        normalizer.write(picture, to: &span, at: 0)
        return numbers
    }
}

/// The checksum of zlib.
private enum CRC32 {
    static func value(of bytes: [UInt8]) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
