#if os(macOS)
import CFFmpeg
import HypeCore

/// The devices of a Mac, through AVFoundation.
///
/// The system asks the user for the rights to record screen, camera and microphone; without them devices bring nothing.
/// What the machine plays can only be captured through a loopback device, which then stands among the microphones.
package struct MacCaptureBackend: CaptureBackend {
    /// Creates a backend.
    package init() {}

    package func open(
        _ name: String,
        role: CaptureRole,
        settings: CaptureSettings,
        clock: SessionClock
    ) throws(CaptureFailure) -> any CaptureDevice {
        guard !name.isEmpty, !name.contains(":") else {
            throw CaptureFailure(.badName, "\"\(name)\" is no device. Give its number or name in AVFoundation's list.")
        }
        let rate = "\(settings.frameRate)"
        let address =
            switch role {
            case .screen:
                CaptureAddress(
                    format: "avfoundation",
                    url: "\(name):none",
                    attempts: [["framerate": rate, "capture_cursor": "1", "pixel_format": "bgr0"]]
                )
            case .camera:
                CaptureAddress(
                    format: "avfoundation",
                    url: "\(name):none",
                    attempts: [["framerate": rate, "video_size": "640x480"], ["framerate": rate], [:]]
                )
            case .microphone, .desktopSound:
                CaptureAddress(format: "avfoundation", url: "none:\(name)")
            }
        return try FormatDevice(address, name: name, role: role, clock: clock)
    }

    package func devices() throws(CaptureFailure) -> [CaptureDeviceInfo] {
        // AVFoundation's device writes its list to FFmpeg's log instead of giving it back.
        _ = try CaptureLibraries.devices()
        return []
    }
}
#endif
