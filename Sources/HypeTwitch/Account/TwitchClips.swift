package import HypeChat

/// Has Twitch make clips of its own beside ours.
package struct TwitchClips: Sendable {
    private let account: TwitchAccount
    private let helix: TwitchHelix

    /// Creates a maker of clips.
    package init(account: TwitchAccount) {
        self.account = account
        helix = TwitchHelix(client: account.settings.client)
    }

    /// Has a clip made of what the channel's viewers saw in the last minute and a half, and waits until it is there.
    ///
    /// - Parameter channel: The channel.
    /// - Returns: The clip.
    /// - Throws: ``TwitchFailure``: the login lacks `clips:edit`, the channel is not live or forbids clips, or the clip has
    ///   not appeared within 15 s; `CancellationError`.
    package func create(channel: TwitchChannelName) async throws -> ClipCreation.Clip {
        let user = try helix.user(try await account.send { helix.user(login: channel.text, token: $0) })
        let start = ContinuousClock.now
        var creation = ClipCreation()
        var step = creation.begin()
        while true {
            switch step {
            case .create:
                let reply = try await account.send { helix.createClip(broadcaster: user.id, token: $0) }
                step = creation.created(reply, at: ContinuousClock.now - start)
            case .look(let id, let time):
                try await ContinuousClock().sleep(until: start + time)
                let reply = try? await account.send { helix.clip(id, token: $0) }
                try Task.checkCancellation()
                step = creation.looked(reply, at: ContinuousClock.now - start)
            case .done(let clip): return clip
            case .failed(let failure): throw failure
            }
        }
    }
}
