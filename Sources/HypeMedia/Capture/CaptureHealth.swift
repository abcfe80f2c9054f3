package import HypeCore

/// How a device fares, for the person whose machine it is.
package struct CaptureHealth: Hashable, Sendable {
    /// What a device does.
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// It is being opened.
        case opening
        /// It brings what it should.
        case running
        /// It is open, but brings nothing.
        case stalled
        /// It could not be opened, or went away; it is tried again.
        case failed
        /// A camera that shows nothing.
        case covered
        /// A microphone that brings nothing but silence.
        case silent
    }

    /// What the device brings.
    package let role: CaptureRole
    /// Its name.
    package let device: String
    /// What it does.
    package let state: State
    /// What is wrong and what to do about it; nil while all is well.
    package let reason: String?

    /// Whether the stream has what the device should bring.
    package var isWell: Bool { state == .running || state == .opening }

    /// Puts together what is known of a device.
    ///
    /// - Parameters:
    ///   - role: What it brings.
    ///   - device: Its name.
    ///   - life: How it fares.
    ///   - isEmpty: Whether what it brings is darkness or silence.
    ///   - now: The time.
    package init(role: CaptureRole, device: String, life: DeviceLife, isEmpty: Bool, now: MediaTime) {
        self.role = role
        self.device = device
        switch life.state {
        case .failed(let failure, _):
            state = .failed
            reason = failure.message
        case _ where life.isStalled(at: now):
            state = .stalled
            reason =
                "\(role.words.capitalizedFirst) (\(device)) is open but brings nothing. Wake it up, or plug it in anew."
        case .opening:
            state = .opening
            reason = nil
        case .running where isEmpty && role == .camera:
            state = .covered
            reason = "The camera (\(device)) shows nothing but darkness. Open its cover or turn on a light."
        case .running where isEmpty && role == .microphone:
            state = .silent
            reason = "The microphone (\(device)) brings nothing but silence. Unmute it or turn it up."
        case .running:
            state = .running
            reason = nil
        }
    }
}

extension String {
    /// The same words with a capital letter at the beginning.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
