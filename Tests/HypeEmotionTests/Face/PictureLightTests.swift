import HypeCore
import HypeEmotion
import Testing

@Suite
struct PictureLightTests {
    @Test(arguments: [
        (UInt8(0), PictureLight.dark), (16, .dark), (30, .dark), (60, .flat), (128, .flat), (255, .flat),
    ])
    func plainPicturesAreDarkOrFlat(gray: UInt8, expected: PictureLight) {
        #expect(PictureLight(of: .plain(width: 64, height: 48, gray: gray)) == expected)
    }

    @Test
    func pictureWithSomethingInItIsLit() {
        var picture = PixelBuffer.plain(width: 128, height: 128, gray: 90)
        SyntheticFace(center: [64, 64], radius: 30).draw(on: &picture)
        #expect(PictureLight(of: picture) == .lit)
        #expect(PictureLight(of: .mosaic(width: 128, height: 128, seed: 1)) == .lit)
    }

    @Test
    func noiseOfACoveredLensIsDark() {
        var picture = PixelBuffer.plain(width: 64, height: 64, gray: 0)
        for index in picture.bytes.indices { picture.bytes[index] = UInt8((index &* 7919) % 25) }
        #expect(PictureLight(of: picture) == .dark)
    }

    @Test
    func emptyPictureIsDark() {
        #expect(PictureLight(of: PixelBuffer(width: 0, height: 0, bytes: [])) == .dark)
    }
}
