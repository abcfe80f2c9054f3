package import HypeEvents
package import HypeStore
package import HypeUploads

/// What the server asks to fulfil requests.
package struct ServerParts: Sendable {
    /// Starts and stops sessions.
    package var sessions: any SessionControl
    /// Knows clips' files.
    package var clips: any ClipDesk
    /// Where encoders send streams.
    package var ingest: any IngestControl
    /// The streamer's account.
    package var account: any AccountControl
    /// Looks into uploaded media.
    package var media: any MediaReader
    /// Knows how the program is.
    package var health: any HealthSource
    /// Where everything is kept.
    package var store: any ClipStore
    /// What clients sent.
    package var uploads: UploadStore
    /// What happens.
    package var events: EventLog
    /// Who is told of it.
    package var webhooks: WebhookDesk

    /// Creates a list of parts.
    package init(
        sessions: any SessionControl,
        clips: any ClipDesk,
        ingest: any IngestControl,
        account: any AccountControl,
        media: any MediaReader,
        health: any HealthSource,
        store: any ClipStore,
        uploads: UploadStore,
        events: EventLog,
        webhooks: WebhookDesk
    ) {
        self.sessions = sessions
        self.clips = clips
        self.ingest = ingest
        self.account = account
        self.media = media
        self.health = health
        self.store = store
        self.uploads = uploads
        self.events = events
        self.webhooks = webhooks
    }
}
