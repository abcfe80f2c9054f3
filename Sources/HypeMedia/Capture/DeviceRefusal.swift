import CFFmpeg
import Foundation

/// What the codes mean that devices refuse to be opened with.
package enum DeviceRefusal {
    /// PulseAudio's own codes, which its device passes on as if they were the system's (`pulse/def.h`).
    private enum Pulse {
        static let access: Int32 = 1
        // What FFmpeg 5 says of a refused connection: it asks for the code after it has let go of the connection.
        static let invalid: Int32 = 3
        static let noEntity: Int32 = 5
        static let connectionRefused: Int32 = 6
        static let timeout: Int32 = 8
        static let connectionTerminated: Int32 = 11
        static let noData: Int32 = 16
    }

    /// Whether the device might be opened with other options.
    static func maySucceedOtherwise(_ code: Int32) -> Bool {
        code == hype_averror(EINVAL) || code == hype_averror(EIO) || code == hype_averror(ERANGE)
            || code == hype_error_invalid_data
    }

    /// Puts a refusal into words.
    ///
    /// - Parameters:
    ///   - code: FFmpeg's negative error code.
    ///   - role: What the device should bring.
    ///   - name: What a person calls it.
    ///   - format: FFmpeg's name of the kind of device.
    /// - Returns: The failure with its remedy.
    package static func failure(_ code: Int32, role: CaptureRole, name: String, format: String) -> CaptureFailure {
        let device = "\(role.words.capitalizedFirst) (\(name))"
        let cause = LibAV.text(code)
        switch (format, -code) {
        case ("x11grab", _):
            return CaptureFailure(
                .missing,
                "There is no X11 screen at \(name). Start the desktop, give the display that echo $DISPLAY shows, and "
                    + "let this user in with xauth or xhost.",
                cause: cause
            )
        case ("pulse", Pulse.access):
            return CaptureFailure(
                .permission,
                "The sound server does not let this program in. Run it as the user who is logged in.",
                cause: cause
            )
        case ("pulse", Pulse.connectionRefused), ("pulse", Pulse.timeout), ("pulse", Pulse.connectionTerminated),
            ("pulse", Pulse.invalid):
            return CaptureFailure(
                .missing,
                "No sound server answers for \(role.words). Start PulseAudio or PipeWire as this user, or give an ALSA "
                    + "device such as alsa:hw:1.",
                cause: cause
            )
        case ("pulse", Pulse.noEntity), ("pulse", Pulse.noData):
            return CaptureFailure(
                .missing,
                "\(device) does not exist. Plug it in, or choose one that pactl list short sources shows.",
                cause: cause
            )
        case (_, EBUSY):
            return CaptureFailure(
                .busy,
                "\(device) is used by another program. Close that one, such as a video call or OBS.",
                cause: cause
            )
        case (_, EACCES), (_, EPERM):
            let remedy =
                switch format {
                case "v4l2": "Add this user to the group video"
                case "alsa": "Add this user to the group audio"
                default: "Allow it in the system's privacy settings"
                }
            return CaptureFailure(.permission, "\(device) may not be used. \(remedy).", cause: cause)
        case (_, ENOENT), (_, ENODEV), (_, ENXIO):
            return CaptureFailure(
                .missing,
                "\(device) does not exist. Plug it in, or choose another one.",
                cause: cause
            )
        default:
            return CaptureFailure(
                .unusable,
                "\(device) cannot be opened. Plug it in anew, or choose another one.",
                cause: cause
            )
        }
    }
}
