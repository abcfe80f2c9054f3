import HypeChat
import HypeCore
package import HypeTwitch

/// A text that never appears in logs, descriptions or reports.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the one place that needs it.
    package let revealed: String

    /// Wraps a text.
    package init(_ text: String) { revealed = text }

    package var description: String { "<secret>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Everything that can be set about `hypeclip serve`, besides the thresholds of the rule.
///
/// Keys, units, ranges and meanings stand in ``fields``, from which reading, checking and the reference are made.
package struct ServeSettings: Sendable, Hashable {
    /// Where documents are kept.
    package enum StoreKind: String, Sendable, CaseIterable {
        case sqlite, mongodb
    }

    /// Address to listen on.
    package var host = "127.0.0.1"
    /// TCP port; 0 for any free one.
    package var port = 3000
    /// Folder of everything that is kept; empty for the standard place.
    package var dataFolder = ""
    /// What clients must show; empty where none is required.
    package var token = Secret("")
    /// PEM file with the certificate chain; empty for plain HTTP.
    package var certificate = ""
    /// PEM file with the certificate's key.
    package var key = ""
    /// Origins of web pages that may use the API from elsewhere.
    package var origins: [String] = []
    /// Further names under which browsers may reach the server.
    package var names: [String] = []

    /// Where documents are kept.
    package var store = StoreKind.sqlite
    /// Connection string of MongoDB, with the name of the database.
    package var storeURL = Secret("")

    /// Most sessions that run at the same time.
    package var mostSessions = 2
    /// Most live streams that are watched at the same time.
    package var mostLive = 10
    /// Whether faces are looked at all the time in live streams.
    package var watchesFaces = false
    /// Seconds of a live stream that are kept in memory.
    package var ring = 60.0
    /// Space of one live stream's spool on disk in GiB.
    package var spool = 8.0
    /// Seconds that a session waits for an encoder that went away.
    package var patience = 120.0
    /// Whether addresses of streams may lead into private networks.
    package var allowsPrivateStreams = false

    /// Whether encoders may send streams by RTMP.
    package var takesRTMP = true
    /// Address that RTMP listens on.
    package var rtmpHost = "127.0.0.1"
    /// TCP port of RTMP; 0 for any free one.
    package var rtmpPort = 1935

    /// Number of the program at Twitch; empty where nobody can log in.
    package var twitchClient = ""
    /// Secret of the program at Twitch; empty for a public program.
    package var twitchSecret = Secret("")
    /// Whether chats are read by IRC even where somebody is logged in.
    package var twitchIRC = false
    /// Whether Twitch is asked for a clip of its own beside ours.
    package var twitchClips = false
    /// Where Twitch logs people in.
    package var twitchIDAddress = TwitchClient.Endpoints().id
    /// Where Twitch's API is.
    package var twitchAPIAddress = TwitchClient.Endpoints().helix
    /// Where Twitch's EventSub is.
    package var twitchEventsAddress = TwitchClient.Endpoints().eventSub
    /// Where Twitch's chat is.
    package var twitchChatAddress = TwitchClient.Endpoints().irc

    /// Whether emotions are read for clients.
    package var predicts = true
    /// Workers that read emotions; 0 for as many as there are cores, at most two.
    package var predictWorkers = 0
    /// Requests that may wait for them.
    package var predictQueue = 32
    /// Seconds without a word after which a worker counts as hung.
    package var predictSilence = 15.0
    /// Seconds that a worker may work on one request.
    package var predictLongest = 600.0
    /// Seconds of media from which on they are read in the background.
    package var predictBackground = 60.0
    /// Minutes that results of the background are kept.
    package var predictKept = 60.0
    /// MiB by which a worker may grow before it is replaced.
    package var predictGrowth = 256.0

    /// Largest upload in GiB.
    package var largestUpload = 64.0
    /// Longest pause of a client that uploads, in seconds.
    package var uploadPause = 30.0

    /// Whether recordings are kept after their clips are saved.
    package var keepsRecordings = false
    /// Oldest clip in days; 0 for no limit.
    package var clipAge = 0.0
    /// Most clips; 0 for no limit.
    package var clipCount = 0
    /// Most space of all clips in GiB; 0 for no limit.
    package var clipSpace = 0.0
    /// Free space in GiB below which clips are deleted and uploads refused.
    package var lowDisk = 2.0
    /// How long events are kept for clients that come back, in days.
    package var eventDays = 7.0

    /// Whether webhooks may point to private addresses.
    package var allowsPrivateWebhooks = false

    /// The defaults.
    package init() {}
}

extension ServeSettings {
    /// How many workers read emotions; 0 where none does.
    ///
    /// - Parameter cores: Processor cores of the machine.
    /// - Returns: At least one where emotions are read.
    package func predictWorkers(cores: Int) -> Int {
        guard predicts else { return 0 }
        return predictWorkers > 0 ? predictWorkers : max(1, min(2, cores))
    }

    /// What the connection to Twitch is told.
    package var twitch: TwitchSettings {
        var endpoints = TwitchClient.Endpoints()
        endpoints.id = twitchIDAddress
        endpoints.helix = twitchAPIAddress
        endpoints.eventSub = twitchEventsAddress
        endpoints.irc = twitchChatAddress
        let secret = twitchSecret.revealed.isEmpty ? nil : TwitchSecret(twitchSecret.revealed)
        var settings = TwitchSettings(client: TwitchClient(id: twitchClient, secret: secret, endpoints: endpoints))
        settings.transport = twitchIRC ? .irc : .automatic
        return settings
    }
}
