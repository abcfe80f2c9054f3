import HypeCore
import HypeMedia
import Testing

@Suite("The webcam's place")
struct CameraInsetTests {
    @Test("lies inside the picture, in even numbers, in its corner", arguments: CameraInset.Corner.allCases)
    func liesInCorner(corner: CameraInset.Corner) {
        for (width, height) in [(1280, 720), (1920, 1080), (16, 16), (720, 1280)] {
            for share in [0.05, 0.25, 0.5, 1] {
                let inset = CameraInset(corner: corner, share: share)
                let region = inset.region(inWidth: width, height: height)
                #expect(region.clamped(toWidth: width, height: height) == region)
                #expect([region.x, region.y, region.width, region.height].allSatisfy { $0 % 2 == 0 })
                let isLeft = corner == .topLeft || corner == .bottomLeft
                let isTop = corner == .topLeft || corner == .topRight
                #expect(isLeft ? region.x <= (width - region.width) / 2 : region.x >= (width - region.width) / 2)
                #expect(isTop ? region.y <= (height - region.height) / 2 : region.y >= (height - region.height) / 2)
            }
        }
    }

    @Test("is a quarter of a 720p picture at the bottom right by default")
    func hasDefault() {
        let settings = CaptureSettings(screen: ":0", camera: "0")
        #expect(settings.cameraRegion == PixelRegion(x: 946, y: 526, width: 320, height: 180))
    }

    @Test("is the whole picture without a screen, and nothing without a camera")
    func fillsPicture() {
        #expect(
            CaptureSettings(camera: "0").cameraRegion == PixelRegion(x: 0, y: 0, width: 1280, height: 720)
        )
        #expect(CaptureSettings(screen: ":0").cameraRegion == nil)
    }

    @Test("settings out of range are moved into it")
    func clamps() {
        let settings = CaptureSettings(screen: ":0", frameRate: 0, width: 3, height: 99_999)
        #expect(settings.frameRate == 1)
        #expect(settings.width == 16)
        #expect(settings.height == 4320)
        #expect(CaptureSettings(frameRate: 1000).frameRate == 60)
    }
}
