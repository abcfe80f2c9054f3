/// Which of FFmpeg's devices a name stands for, and how it is opened.
package struct CaptureAddress: Hashable, Sendable {
    /// FFmpeg's name of the kind of device, such as `x11grab`.
    package let format: String
    /// FFmpeg's name of the device.
    package let url: String
    /// Options of the device, to be tried one set after the other.
    package let attempts: [[String: String]]

    /// Creates an address.
    package init(format: String, url: String, attempts: [[String: String]] = [[:]]) {
        self.format = format
        self.url = url
        self.attempts = attempts
    }

    /// Samples per second that sound devices are asked for.
    static let soundRate = 48_000

    /// Finds out what a name means on Linux.
    ///
    /// Screens are X11 displays (`:0`, `:0.0+100,50`), cameras are device files or their numbers, sound is a source of
    /// PulseAudio or PipeWire (`default`, `@DEFAULT_MONITOR@`) unless it begins with `alsa:`.
    /// - Parameters:
    ///   - name: The name, as a person writes it.
    ///   - role: What the device brings.
    ///   - settings: What it is used for.
    /// - Returns: The address.
    /// - Throws: ``CaptureFailure`` with code `.badName`.
    package static func linux(
        _ name: String,
        role: CaptureRole,
        settings: CaptureSettings
    ) throws(CaptureFailure) -> CaptureAddress {
        switch role {
        case .screen: try screen(name, rate: settings.frameRate)
        case .camera: try camera(name, settings: settings)
        case .microphone, .desktopSound: try sound(name, role: role)
        }
    }

    private static func screen(_ name: String, rate: Int) throws(CaptureFailure) -> CaptureAddress {
        guard name.contains(":"), name.utf8.count < 200, isPlain(name) else {
            throw CaptureFailure(
                .badName,
                "\"\(name)\" is no X11 display. Give one such as :0; a Wayland session has one where Xwayland runs."
            )
        }
        return CaptureAddress(format: "x11grab", url: name, attempts: [["framerate": "\(rate)", "draw_mouse": "1"]])
    }

    private static func camera(_ name: String, settings: CaptureSettings) throws(CaptureFailure) -> CaptureAddress {
        let path = !name.isEmpty && name.allSatisfy { "0"..."9" ~= $0 } ? "/dev/video\(name)" : name
        guard path.hasPrefix("/dev/"), !path.contains(".."), path.utf8.count < 200, isPlain(path) else {
            throw CaptureFailure(.badName, "\"\(name)\" is no camera. Give a device such as /dev/video0.")
        }
        // As an inset the camera is small; raw pictures of this size reach full rate on any USB port.
        let size = settings.screen == nil ? "1280x720" : "640x480"
        let rate = "\(settings.frameRate)"
        var attempts = [["video_size": size, "framerate": rate], ["framerate": rate], [:]]
        if settings.screen == nil {
            attempts.insert(["video_size": size, "framerate": rate, "input_format": "mjpeg"], at: 0)
        }
        return CaptureAddress(format: "v4l2", url: path, attempts: attempts)
    }

    private static func sound(_ name: String, role: CaptureRole) throws(CaptureFailure) -> CaptureAddress {
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let channels = role == .microphone ? 1 : 2
        if parts.first == "alsa", parts.count == 2, !parts[1].isEmpty, isPlain(name) {
            let rate = "\(soundRate)"
            return CaptureAddress(
                format: "alsa",
                url: String(parts[1]),
                attempts: [channels, 3 - channels].map { ["sample_rate": rate, "channels": "\($0)"] }
            )
        }
        let source = parts.first == "pulse" && parts.count == 2 ? String(parts[1]) : name
        guard !source.isEmpty, source.utf8.count < 300, isPlain(source), parts.first != "alsa" else {
            throw CaptureFailure(
                .badName,
                "\"\(name)\" is no source of sound. Give default, @DEFAULT_MONITOR@, a name that pactl list short "
                    + "sources shows, or alsa:hw:1."
            )
        }
        // 20 ms of 16-bit samples at a time; with half of that the sound server's thread costs twice as much.
        let fragment = soundRate / 50 * 2 * channels
        let options = [
            "sample_rate": "\(soundRate)", "channels": "\(channels)", "fragment_size": "\(fragment)",
            "name": "Hypeclip", "stream_name": role == .microphone ? "Voice" : "Desktop sound",
        ]
        return CaptureAddress(format: "pulse", url: source, attempts: [options])
    }

    private static func isPlain(_ name: String) -> Bool {
        name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }
}
