package import HypeCore

extension Clip {
    /// Bytes of all its files.
    package var bytes: Int64 { (files.video?.bytes ?? 0) + (files.thumbnail?.bytes ?? 0) }

    /// Applies what a person changed.
    package mutating func apply(_ change: ClipChange) {
        if let title = change.title { self.title = title }
        if let keep = change.keep { self.keep = keep }
        if let hashtags = change.hashtags { self.hashtags = hashtags }
    }
}

extension MomentRecord {
    /// An identifier that is unique over all sessions and sorts by number within one.
    package var storeId: String {
        let number = String(moment.id)
        return sessionId + "/" + String(repeating: "0", count: max(0, 12 - number.count)) + number
    }
}
