package import Foundation

/// The proof that something was deleted.
package struct Deletion: Hashable, Sendable, Codable, Identifiable {
    /// What was deleted.
    package enum Subject: String, Hashable, Sendable, Codable, CaseIterable {
        /// A clip with its files.
        case clip
        /// A recording that had been uploaded.
        case recording
        /// An earlier version of a clip's files; the clip itself is there.
        case version
    }

    /// Why it was deleted.
    package enum Cause: String, Hashable, Sendable, Codable, CaseIterable {
        /// A person or a program asked for it.
        case request
        /// It was older than the setting allows.
        case age
        /// There were more clips than the setting allows.
        case count
        /// Clips took more space than the setting allows.
        case bytes
        /// The disk was nearly full.
        case lowDisk
        /// The recording had been cut and was not needed any more.
        case served
        /// A better version of the same clip took its place.
        case replaced
        /// It became part of another clip.
        case merged
        /// Its files were gone without us; only its entry was left to delete.
        case lost
    }

    /// A file that is gone.
    package struct File: Hashable, Sendable, Codable {
        /// Its name.
        package var name: String
        /// Its size.
        package var bytes: Int64
        /// SHA-256 of what it held, 64 hexadecimal digits; nil where it was gone before.
        package var sha256: String?

        /// Creates a file.
        package init(name: String, bytes: Int64, sha256: String?) {
            self.name = name
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// Identifier, unique and ascending with time.
    package var id: String
    /// When, on the wall clock.
    package var time: Date
    /// What kind of thing it was.
    package var subject: Subject
    /// The identifier it had.
    package var subjectId: String
    /// Its title or name, for people.
    package var title: String
    /// Why.
    package var cause: Cause
    /// The files that are gone.
    package var files: [File]

    /// Creates a deletion.
    package init(
        id: String,
        time: Date,
        subject: Subject,
        subjectId: String,
        title: String,
        cause: Cause,
        files: [File]
    ) {
        self.id = id
        self.time = time
        self.subject = subject
        self.subjectId = subjectId
        self.title = title
        self.cause = cause
        self.files = files
    }
}
