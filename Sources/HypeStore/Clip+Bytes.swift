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

    /// The clip as it is stored after ``ClipStore/improve(_:over:)``.
    ///
    /// - Parameters:
    ///   - previous: What the program had stored before.
    ///   - stored: What is stored now, with what people changed.
    /// - Returns: This clip with what people changed in `stored` since `previous`.
    package func merged(over previous: Clip, stored: Clip) -> Clip {
        var clip = self
        clip.createdAt = stored.createdAt
        clip.sessionId = stored.sessionId
        clip.channel = stored.channel
        clip.keep = stored.keep
        clip.platform = clip.platform ?? stored.platform
        if stored.title != previous.title { clip.title = stored.title }
        if stored.hashtags != previous.hashtags { clip.hashtags = stored.hashtags }
        return clip
    }
}

extension MomentRecord {
    /// An identifier that is unique over all sessions and sorts by number within one.
    package var storeId: String {
        let number = String(moment.id)
        return sessionId + "/" + String(repeating: "0", count: max(0, 12 - number.count)) + number
    }
}
