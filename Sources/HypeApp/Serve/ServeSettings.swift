import HypeCore

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
