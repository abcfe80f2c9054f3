/// What a device of this machine brings to a captured stream.
package enum CaptureRole: String, Hashable, Sendable, Codable, CaseIterable {
    /// What is on the screen.
    case screen
    /// The webcam.
    case camera
    /// The voice.
    case microphone
    /// What the machine plays.
    case desktopSound

    /// Whether the device brings pictures, not sound.
    package var isPicture: Bool { self == .screen || self == .camera }

    /// The device in a sentence, such as "the microphone".
    package var words: String {
        switch self {
        case .screen: "the screen"
        case .camera: "the camera"
        case .microphone: "the microphone"
        case .desktopSound: "the desktop sound"
        }
    }
}
