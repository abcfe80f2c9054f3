import HypeCore

/// What opens and lists a system's devices.
package protocol CaptureBackend: Sendable {
    /// Opens a device.
    ///
    /// - Parameters:
    ///   - name: The device's name, as a person writes it.
    ///   - role: What it brings.
    ///   - settings: What it is used for.
    ///   - clock: The clock that frames are stamped with.
    /// - Returns: The open device, which belongs to the calling thread.
    /// - Throws: ``CaptureFailure`` with the remedy.
    func open(
        _ name: String,
        role: CaptureRole,
        settings: CaptureSettings,
        clock: SessionClock
    ) throws(CaptureFailure) -> any CaptureDevice

    /// The devices that there are.
    ///
    /// - Throws: ``CaptureFailure`` with code `.noLibrary`.
    func devices() throws(CaptureFailure) -> [CaptureDeviceInfo]
}

/// An open device.
package protocol CaptureDevice: AnyObject {
    /// Waits for the next frame.
    ///
    /// - Throws: ``CaptureFailure`` where the device has to be opened anew.
    func read() throws(CaptureFailure) -> CapturedFrame
}

/// A device that could be captured.
package struct CaptureDeviceInfo: Hashable, Sendable, Codable {
    /// What it would bring.
    package let role: CaptureRole
    /// The name to give in ``CaptureSettings``.
    package let name: String
    /// What the system calls it.
    package let title: String

    /// Creates a description.
    package init(role: CaptureRole, name: String, title: String) {
        self.role = role
        self.name = name
        self.title = title
    }
}

/// The devices of the system that the program was built for.
package enum SystemCapture {
    /// What opens them.
    package static var backend: any CaptureBackend {
        #if os(macOS)
        MacCaptureBackend()
        #else
        LinuxCaptureBackend()
        #endif
    }
}
