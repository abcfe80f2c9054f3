package import HypeCore

/// What is captured of this machine, and in which form.
///
/// Size and tracks do not depend on the devices, so that devices may come, go and change while the stream goes on.
package struct CaptureSettings: Hashable, Sendable {
    /// The screen's name, such as `:0` (X11) or `1` (macOS); nil for none.
    package var screen: String?
    /// The webcam's name, such as `/dev/video0` or `0`; nil for none.
    package var camera: String?
    /// The microphone's name, such as `default` or `alsa:hw:1`; nil for none.
    package var microphone: String?
    /// The name of what the machine plays, such as `@DEFAULT_MONITOR@`; nil for none.
    package var desktopSound: String?
    /// Frames per second, 1…60.
    package var frameRate: Int
    /// Columns of the stream's picture, even, 16…7680; the screen is made to fit, with black bars where it must be.
    package var width: Int
    /// Rows of the stream's picture, even, 16…4320.
    package var height: Int
    /// Where the webcam lies over the screen.
    package var inset: CameraInset
    /// Most bits per second of the picture over two seconds.
    package var pictureBitRate: Int

    /// Creates settings; numbers out of range are moved into it.
    package init(
        screen: String? = nil,
        camera: String? = nil,
        microphone: String? = nil,
        desktopSound: String? = nil,
        frameRate: Int = 30,
        width: Int = 1280,
        height: Int = 720,
        inset: CameraInset = CameraInset(),
        pictureBitRate: Int = 6_000_000
    ) {
        self.screen = screen
        self.camera = camera
        self.microphone = microphone
        self.desktopSound = desktopSound
        self.frameRate = min(60, max(1, frameRate))
        self.width = min(7680, max(16, width)) & ~1
        self.height = min(4320, max(16, height)) & ~1
        self.inset = inset
        self.pictureBitRate = max(100_000, pictureBitRate)
    }

    /// The name of the device that brings something; nil where it is not wanted.
    package func device(for role: CaptureRole) -> String? {
        switch role {
        case .screen: screen
        case .camera: camera
        case .microphone: microphone
        case .desktopSound: desktopSound
        }
    }

    /// What is wanted, in a fixed order.
    package var roles: [CaptureRole] { CaptureRole.allCases.filter { device(for: $0) != nil } }

    /// Whether the stream has a picture.
    package var hasPicture: Bool { screen != nil || camera != nil }

    /// Whether the stream has sound.
    package var hasSound: Bool { microphone != nil || desktopSound != nil }

    /// Where the camera is in the stream's picture, exactly; nil without a camera.
    ///
    /// Stays the same when the camera goes away: the place is black until it is back.
    package var cameraRegion: PixelRegion? {
        guard camera != nil else { return nil }
        guard screen != nil else { return PixelRegion(x: 0, y: 0, width: width, height: height) }
        return inset.region(inWidth: width, height: height)
    }
}
