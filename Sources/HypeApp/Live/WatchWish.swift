import Foundation
import HypeServer

/// What `hypeclip watch` is to watch.
package struct WatchWish: Sendable, Hashable {
    /// Where pictures and sound come from.
    package enum Source: Sendable, Hashable {
        /// An encoder sends them by RTMP with the key of this name.
        case rtmp(key: String)
        /// They are fetched.
        case url(String)
        /// They are recorded here.
        case capture
    }

    /// The Twitch channel whose chat is read; nil for none.
    package var channel: String?
    /// Where pictures and sound come from.
    package var source: Source
    /// The screen, for ``Source/capture``.
    package var screen: String?
    /// The microphone, for ``Source/capture``.
    package var microphone: String?
    /// What the machine plays, for ``Source/capture``.
    package var desktopSound: String?
    /// The webcam's device, for ``Source/capture``.
    package var webcam: String?
    /// Where the camera is in the picture: `x,y,w,h`; nil to search.
    package var region: String?
    /// Whether faces are looked at all the time.
    package var watchesFaces = false
    /// Whether attention and drowsiness are measured too.
    package var measuresAttention = false

    /// Creates a wish.
    package init(channel: String?, source: Source) {
        self.channel = channel
        self.source = source
    }

    /// Reads `twitch:CHANNEL`.
    ///
    /// - Throws: ``AppFailure`` with the right form.
    package static func channel(of target: String) throws -> String {
        let parts = target.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "twitch", !parts[1].isEmpty else {
            throw AppFailure(
                .failed,
                "“\(target)” names no channel; write twitch:CHANNEL, such as twitch:some_streamer"
            )
        }
        return String(parts[1])
    }

    /// The request that starts the session.
    var request: SessionRequest {
        var request = SessionRequest(channel: channel, camera: region)
        request.faces = measuresAttention ? .attentive : watchesFaces ? .continuous : nil
        switch source {
        case .rtmp(let key): request.rtmp = key
        case .url(let address): request.url = address
        case .capture:
            request.capture = SessionRequest.Capture(
                screen: screen,
                microphone: microphone,
                desktopSound: desktopSound,
                camera: webcam
            )
        }
        return request
    }
}
