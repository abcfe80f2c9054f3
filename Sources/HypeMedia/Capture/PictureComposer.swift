import CFFmpeg
import HypeCore

/// Puts screen and webcam together into one picture.
///
/// The picture is in the form that encoders take: 4:2:0, BT.709, limited range. Only what is new is converted. Belongs
/// to one thread.
final class PictureComposer {
    private let settings: CaptureSettings
    private let canvas: FrameHolder
    private let cameraPlace: PixelRegion?
    private let inset: FrameHolder?
    private let screenScaler = PlaneScaler()
    private let cameraScaler = PlaneScaler()
    private var fitted: FrameHolder?
    private var screenForm: PixelRegion?

    /// Creates a composer whose picture is black.
    init(_ settings: CaptureSettings) throws(MediaError) {
        self.settings = settings
        canvas = try FrameHolder.blank(settings.width, settings.height, AV_PIX_FMT_YUV420P)
        canvas.blacken()
        cameraPlace = settings.cameraRegion
        if let cameraPlace {
            let holder = try FrameHolder.blank(cameraPlace.width, cameraPlace.height, AV_PIX_FMT_YUV420P)
            holder.blacken()
            inset = holder
        } else {
            inset = nil
        }
    }

    /// Puts new pictures into the picture.
    ///
    /// - Parameters:
    ///   - screen: What is on the screen now; nil for what was there before.
    ///   - camera: What the camera shows now; nil for what it showed before.
    /// - Returns: The picture, valid until the next call. An encoder that still refers to it keeps the old one.
    func compose(
        screen: UnsafePointer<AVFrame>?,
        camera: UnsafePointer<AVFrame>?
    ) -> UnsafeMutablePointer<AVFrame> {
        guard screen != nil || camera != nil, av_frame_make_writable(canvas.pointer) >= 0 else { return canvas.pointer }
        if let screen { draw(screen) }
        if let camera, let inset, let cameraPlace { draw(camera, into: inset, filling: cameraPlace) }
        if let inset, let cameraPlace { canvas.copy(inset, to: cameraPlace) }
        return canvas.pointer
    }

    /// Makes a device's place black, as after it went away.
    func blacken(_ role: CaptureRole) {
        guard av_frame_make_writable(canvas.pointer) >= 0 else { return }
        if role == .camera { inset?.blacken() }
        if role == .screen { canvas.blacken() }
        if let inset, let cameraPlace { canvas.copy(inset, to: cameraPlace) }
    }

    /// Brightness of the camera's picture: mean and standard deviation of every fourth pixel, 0…255; nil without one.
    var cameraBrightness: (mean: Double, deviation: Double)? { inset?.brightness }

    private func draw(_ screen: UnsafePointer<AVFrame>) {
        let (width, height) = (Int(screen.pointee.width), Int(screen.pointee.height))
        guard width > 0, height > 0 else { return }
        let place = CameraInset.fit(width: width, height: height, into: (settings.width, settings.height))
        if place != screenForm {
            // The screen changed its shape: other bars.
            canvas.blacken()
            screenForm = place
            fitted = nil
        }
        if place.width == settings.width, place.height == settings.height {
            screenScaler.scale(screen, into: canvas.pointer)
            return
        }
        // The vector code of libswscale writes past the ends of rows, so bars need a picture between.
        guard let between = fitted ?? (try? FrameHolder.blank(place.width, place.height, AV_PIX_FMT_YUV420P)) else {
            return
        }
        fitted = between
        screenScaler.scale(screen, into: between.pointer)
        canvas.copy(between, to: place)
    }

    private func draw(_ camera: UnsafePointer<AVFrame>, into inset: FrameHolder, filling place: PixelRegion) {
        let (width, height) = (Int(camera.pointee.width), Int(camera.pointee.height))
        guard width > 0, height > 0, let part = av_frame_clone(camera) else { return }
        var last: UnsafeMutablePointer<AVFrame>? = part
        defer { av_frame_free(&last) }
        let shown = CameraInset.crop(width: width, height: height, filling: place)
        // Packed formats share colours between two columns.
        part.pointee.crop_left = shown.x & ~1
        part.pointee.crop_top = shown.y & ~1
        part.pointee.crop_right = max(0, width - (shown.x & ~1) - shown.width)
        part.pointee.crop_bottom = max(0, height - (shown.y & ~1) - shown.height)
        guard av_frame_apply_cropping(part, Int32(AV_FRAME_CROP_UNALIGNED)) >= 0 else { return }
        cameraScaler.scale(part, into: inset.pointer)
    }
}
