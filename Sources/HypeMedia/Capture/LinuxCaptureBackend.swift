#if !os(macOS)
import CFFmpeg
import Foundation
import HypeCore

/// The devices of a Linux machine: X11, Video4Linux, PulseAudio or PipeWire, ALSA.
package struct LinuxCaptureBackend: CaptureBackend {
    /// Address of the sound server, such as `unix:/run/user/1000/pulse/native`; nil for the user's own.
    private let soundServer: String?

    /// Creates a backend.
    ///
    /// - Parameter soundServer: Address of the sound server; nil for the user's own.
    package init(soundServer: String? = nil) {
        self.soundServer = soundServer
    }

    package func open(
        _ name: String,
        role: CaptureRole,
        settings: CaptureSettings,
        clock: SessionClock
    ) throws(CaptureFailure) -> any CaptureDevice {
        var address = try CaptureAddress.linux(name, role: role, settings: settings)
        if address.format == "pulse", let soundServer {
            let attempts = address.attempts.map { $0.merging(["server": soundServer]) { _, new in new } }
            address = CaptureAddress(format: address.format, url: address.url, attempts: attempts)
        }
        return try FormatDevice(address, name: name, role: role, clock: clock)
    }

    package func devices() throws(CaptureFailure) -> [CaptureDeviceInfo] {
        _ = LibAV.silenced
        let library = try CaptureLibraries.devices()
        let screens = Self.displays.map { CaptureDeviceInfo(role: .screen, name: $0, title: "X11 display \($0)") }
        let cameras = Self.list("v4l2", of: library).map {
            CaptureDeviceInfo(role: .camera, name: $0.name, title: $0.title)
        }
        let options = soundServer.map { ["server": $0] } ?? [:]
        let sources = Self.list("pulse", of: library, options: options).map { source in
            CaptureDeviceInfo(
                role: source.name.hasSuffix(".monitor") ? .desktopSound : .microphone,
                name: source.name,
                title: source.title
            )
        }
        return screens + cameras + sources
    }

    /// Displays whose sockets are there.
    private static var displays: [String] {
        let sockets = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp/.X11-unix")) ?? []
        return sockets.compactMap { $0.hasPrefix("X") ? Int($0.dropFirst()) : nil }.sorted().map { ":\($0)" }
    }

    private static func list(
        _ format: String,
        of library: hype_devices,
        options: [String: String] = [:]
    ) -> [(name: String, title: String)] {
        guard let input = av_find_input_format(format) else { return [] }
        var dictionary: OpaquePointer?
        defer { av_dict_free(&dictionary) }
        for (key, value) in options { av_dict_set(&dictionary, key, value, 0) }
        var list: UnsafeMutablePointer<AVDeviceInfoList>?
        // A kind of device that this machine has none of is an error to FFmpeg and an empty list to us.
        guard library.list_sources(input, nil, dictionary, &list) > 0, let found = list else { return [] }
        defer { library.free_list(&list) }
        return (0..<Int(found.pointee.nb_devices)).compactMap { index in
            guard let device = found.pointee.devices[index], let name = device.pointee.device_name else { return nil }
            let title = device.pointee.device_description.map { String(cString: $0) }
            return (String(cString: name), title ?? String(cString: name))
        }
    }
}
#endif
