package import Foundation
package import HypeCore

/// Everything that a report shows.
package struct ReportDocument: Sendable {
    /// A clip that was written.
    package struct Clip: Sendable {
        /// What was cut and why.
        package var plan: ClipPlan
        /// Path of the video file relative to the report.
        package var file: String
        /// A picture of the moment as JPEG, or nil where there is none.
        package var thumbnail: Data?
        /// Size of the file in bytes, or nil where it is not known.
        package var bytes: Int?

        /// Creates a clip.
        package init(plan: ClipPlan, file: String, thumbnail: Data? = nil, bytes: Int? = nil) {
            self.plan = plan
            self.file = file
            self.thumbnail = thumbnail
            self.bytes = bytes
        }
    }

    /// A fact for the details at the end of the page.
    package struct Fact: Sendable, Hashable {
        /// What it is about.
        package var label: String
        /// What is the case.
        package var text: String

        /// Creates a fact.
        package init(_ label: String, _ text: String) {
            self.label = label
            self.text = text
        }
    }

    /// How long a stage took.
    package struct Timing: Sendable, Hashable {
        /// Name of the stage.
        package var label: String
        /// Wall time it took.
        package var duration: Duration

        /// Creates a timing.
        package init(_ label: String, _ duration: Duration) {
            self.label = label
            self.duration = duration
        }
    }

    /// One setting that the analysis ran with.
    package struct Setting: Sendable, Hashable {
        /// Its name.
        package var key: String
        /// Its value with its unit.
        package var value: String
        /// What it does.
        package var summary: String

        /// Creates a setting.
        package init(key: String, value: String, summary: String) {
            self.key = key
            self.value = value
            self.summary = summary
        }
    }

    /// Name of the recording, as a person knows it.
    package var name: String
    /// The stretch of media time that the recording covers.
    package var interval: MediaInterval
    /// What the file contains, or nil where it is not known.
    package var media: MediaInfo?
    /// Observations of all kinds in any order; chat before any correction for chat lag.
    package var observations: [Observation]
    /// How far the chat plot is moved back, so that it lies under the events that chat talks about.
    package var chatLag: Duration
    /// Score at which each kind speaks for a moment, 0…1; 0.5 where nothing is given.
    package var thresholds: [SignalKind: Double]
    /// Moments and near misses.
    package var moments: [Moment]
    /// The clips that were written, in the order of time.
    package var clips: [Clip]
    /// What the reader should know about: missing tracks, unreadable lines, a chat log of another stream.
    package var warnings: [String]
    /// What was found and used: chat format, chat lag, camera.
    package var facts: [Fact]
    /// Wall time of the whole analysis, or nil where it is not known.
    package var elapsed: Duration?
    /// How long the stages took.
    package var timings: [Timing]
    /// The settings that the analysis ran with.
    package var settings: [Setting]
    /// Name and version of the program that wrote the report.
    package var generator: String

    /// Creates a document.
    package init(
        name: String,
        interval: MediaInterval,
        media: MediaInfo? = nil,
        observations: [Observation] = [],
        chatLag: Duration = .zero,
        thresholds: [SignalKind: Double] = [:],
        moments: [Moment] = [],
        clips: [Clip] = [],
        warnings: [String] = [],
        facts: [Fact] = [],
        elapsed: Duration? = nil,
        timings: [Timing] = [],
        settings: [Setting] = [],
        generator: String = "hypeclip"
    ) {
        self.name = name
        self.interval = interval
        self.media = media
        self.observations = observations
        self.chatLag = chatLag
        self.thresholds = thresholds
        self.moments = moments
        self.clips = clips
        self.warnings = warnings
        self.facts = facts
        self.elapsed = elapsed
        self.timings = timings
        self.settings = settings
        self.generator = generator
    }
}
