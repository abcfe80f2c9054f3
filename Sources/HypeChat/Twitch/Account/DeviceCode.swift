/// A login that waits for a person to confirm it.
package struct DeviceCode: Hashable, Sendable {
    /// What the program shows to Twitch.
    package let deviceCode: TwitchSecret
    /// What the person types.
    package let userCode: String
    /// Where the person types it.
    package let verificationURL: String
    /// How long the code is good for.
    package let expiresIn: Duration
    /// How long to wait between questions.
    package let interval: Duration

    /// Creates a code.
    package init(
        deviceCode: TwitchSecret,
        userCode: String,
        verificationURL: String,
        expiresIn: Duration,
        interval: Duration
    ) {
        self.deviceCode = deviceCode
        self.userCode = userCode
        self.verificationURL = verificationURL
        self.expiresIn = expiresIn
        self.interval = interval
    }
}
