package import HypeCore

/// How attentive the face of a film is, from its first picture to its last.
package struct AttentionCourse: Hashable, Sendable, Codable {
    /// Readings of the gauges that are kept at most; those after them are left out.
    package static let sampleLimit = 3600

    /// Pictures that were looked at.
    package var pictures = 0
    /// Pictures in which the face was seen.
    package var seen = 0
    /// What is known at the end; nil where there was no picture.
    package var summary: AttentionSummary?
    /// The gauges, once per second of media time.
    package var samples: [AttentionSummary] = []
    /// Beginnings and ends of alerts, in order of time.
    package var alerts: [AttentionAlert] = []

    /// Creates a course in which nothing was seen yet.
    package init() {}
}
