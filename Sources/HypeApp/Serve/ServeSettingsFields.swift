import HypeCore

extension ServeSettings {
    /// A place to read and write, which may be shared between tasks.
    typealias Place<Value> = any WritableKeyPath<ServeSettings, Value> & Sendable

    /// One setting: its name, its meaning, and what it may be.
    package struct Field: Sendable {
        /// What kind of value it is and where it lives.
        enum Path: Sendable {
            case text(Place<String>)
            case secret(Place<Secret>)
            case list(Place<[String]>)
            case flag(Place<Bool>)
            case count(Place<Int>, ClosedRange<Int>)
            case amount(Place<Double>, ClosedRange<Double>)
            case store(Place<StoreKind>)
        }

        /// Name in JSON and in configuration, such as `server.port`.
        package let key: String
        /// Unit of a number; empty for everything else.
        package let unit: String
        /// What it does, as a sentence for a person.
        package let summary: String
        let path: Path

        /// What it may be, for the reference.
        package var range: String {
            switch path {
            case .text, .secret: "text"
            case .list: "list, separated by commas"
            case .flag: "true or false"
            case .count(_, let range): "\(range.lowerBound)…\(range.upperBound)"
            case .amount(_, let range): "\(Self.number(range.lowerBound))…\(Self.number(range.upperBound))"
            case .store: StoreKind.allCases.map(\.rawValue).joined(separator: " or ")
            }
        }

        /// The default, for the reference.
        package var standard: String {
            let settings = ServeSettings()
            return switch path {
            case .text(let place): settings[keyPath: place].isEmpty ? "none" : settings[keyPath: place]
            case .secret, .list: "none"
            case .flag(let place): "\(settings[keyPath: place])"
            case .count(let place, _): "\(settings[keyPath: place])"
            case .amount(let place, _): Self.number(settings[keyPath: place])
            case .store(let place): settings[keyPath: place].rawValue
            }
        }

        private static func number(_ value: Double) -> String {
            value == value.rounded() ? String(Int(value)) : String(value)
        }
    }

    /// All settings, in the order in which the reference lists them.
    package static let fields: [Field] = [
        Field("server.host", "Address to listen on. Any but a loopback address needs a token.", .text(\.host)),
        Field("server.port", "TCP port; 0 takes a free one.", .count(\.port, 0...65_535)),
        Field(
            "server.data",
            "Folder of the store, the clips and the uploads. Standard: `hypeclip/server` in `XDG_DATA_HOME` or `~/.local/share`.",
            .text(\.dataFolder)
        ),
        Field("server.token", "What clients must show, at least 16 characters.", .secret(\.token)),
        Field("server.certificate", "PEM file with the certificate chain; turns TLS on.", .text(\.certificate)),
        Field("server.key", "PEM file with the certificate's private key.", .text(\.key)),
        Field("server.origins", "Origins of web pages elsewhere that may use the API.", .list(\.origins)),
        Field("server.names", "Further host names under which browsers reach the server.", .list(\.names)),
        Field("store.kind", "Where documents are kept.", .store(\.store)),
        Field(
            "store.url",
            "Connection string of MongoDB, such as `mongodb://127.0.0.1:27017/hypeclip`.",
            .secret(\.storeURL)
        ),
        Field("sessions.most", "Most recordings that are watched at the same time.", .count(\.mostSessions, 1...64)),
        Field("live.most", "Most live streams that are watched at the same time.", .count(\.mostLive, 1...64)),
        Field(
            "live.faces",
            "Look at faces all the time in live streams, with a gauge, instead of around chat and voice.",
            .flag(\.watchesFaces)
        ),
        Field("live.ring", "How much of a live stream is kept in memory.", unit: "s", .amount(\.ring, 20...600)),
        Field(
            "live.spool",
            "Space of one live stream's spool on disk; what is older is given up.",
            unit: "GiB",
            .amount(\.spool, 0.1...4_096)
        ),
        Field(
            "live.patience",
            "How long a session waits for an encoder that went away.",
            unit: "s",
            .amount(\.patience, 1...86_400)
        ),
        Field("live.private", "Fetch streams from private addresses too.", .flag(\.allowsPrivateStreams)),
        Field("rtmp.on", "Take streams from encoders such as OBS.", .flag(\.takesRTMP)),
        Field(
            "rtmp.host",
            "Address that RTMP listens on. RTMP is not encrypted: any but a loopback address belongs into a private network.",
            .text(\.rtmpHost)
        ),
        Field("rtmp.port", "TCP port of RTMP; 0 takes a free one.", .count(\.rtmpPort, 0...65_535)),
        Field(
            "twitch.clientId",
            "Number of your application at Twitch; without one chat is read anonymously and nobody can log in.",
            .text(\.twitchClient)
        ),
        Field("twitch.clientSecret", "Secret of your application; public ones have none.", .secret(\.twitchSecret)),
        Field("twitch.irc", "Read chats by IRC even where somebody is logged in.", .flag(\.twitchIRC)),
        Field(
            "twitch.clips",
            "Have Twitch make a clip of its own beside each of ours; needs a login that allows it.",
            .flag(\.twitchClips)
        ),
        Field("twitch.idAddress", "Where Twitch logs people in; another address for tests.", .text(\.twitchIDAddress)),
        Field("twitch.apiAddress", "Where Twitch's API is; another address for tests.", .text(\.twitchAPIAddress)),
        Field(
            "twitch.eventsAddress",
            "Where Twitch's EventSub is; another address for tests.",
            .text(\.twitchEventsAddress)
        ),
        Field("twitch.chatAddress", "Where Twitch's chat is; another address for tests.", .text(\.twitchChatAddress)),
        Field("predict.on", "Read emotions for clients (`POST /predict`).", .flag(\.predicts)),
        Field(
            "predict.workers",
            "Warm workers that read emotions; 0 takes one for each core, at most two.",
            .count(\.predictWorkers, 0...64)
        ),
        Field(
            "predict.queue",
            "Requests that may wait for them; more are turned away with 429.",
            .count(\.predictQueue, 1...1_024)
        ),
        Field(
            "predict.silence",
            "How long a worker may say nothing before it counts as hung.",
            unit: "s",
            .amount(\.predictSilence, 1...600)
        ),
        Field(
            "predict.longest",
            "How long a worker may work on one request.",
            unit: "s",
            .amount(\.predictLongest, 1...86_400)
        ),
        Field(
            "predict.background",
            "Length of media from which on they are read in the background unless the client wants them at once.",
            unit: "s",
            .amount(\.predictBackground, 1...86_400)
        ),
        Field(
            "predict.kept",
            "How long results of the background are kept in memory.",
            unit: "min",
            .amount(\.predictKept, 1...10_080)
        ),
        Field(
            "predict.growth",
            "By how much the memory of a worker may grow before it is replaced.",
            unit: "MiB",
            .amount(\.predictGrowth, 16...65_536)
        ),
        Field("uploads.largest", "Largest upload.", unit: "GiB", .amount(\.largestUpload, 0.001...4_096)),
        Field(
            "uploads.pause",
            "Longest silence of a client that uploads.",
            unit: "s",
            .amount(\.uploadPause, 1...3_600)
        ),
        Field("retention.recordings", "Keep recordings after their clips are saved.", .flag(\.keepsRecordings)),
        Field("retention.age", "Oldest clip; 0 for no limit.", unit: "days", .amount(\.clipAge, 0...36_500)),
        Field("retention.count", "Most clips; 0 for no limit.", .count(\.clipCount, 0...10_000_000)),
        Field(
            "retention.space",
            "Space of all clips; 0 for no limit.",
            unit: "GiB",
            .amount(\.clipSpace, 0...1_000_000)
        ),
        Field(
            "retention.lowDisk",
            "Free space below which the oldest clips are deleted and uploads are refused.",
            unit: "GiB",
            .amount(\.lowDisk, 0...100_000)
        ),
        Field(
            "events.days",
            "How long events are kept for clients that come back.",
            unit: "days",
            .amount(\.eventDays, 0.01...3_650)
        ),
        Field("webhooks.private", "Allow webhooks to private addresses.", .flag(\.allowsPrivateWebhooks)),
    ]
}

extension ServeSettings.Field {
    fileprivate init(_ key: String, _ summary: String, unit: String = "", _ path: Path) {
        self.key = key
        self.unit = unit
        self.summary = summary
        self.path = path
    }
}
