/// A file name of an upload folder; names that are not of this form belong to others and are never touched.
struct UploadName: Hashable, Sendable {
    /// What a file is for.
    enum Role: Hashable, Sendable {
        /// A stored file: `ID.mp4` and the like.
        case content
        /// The record that makes it an upload: `ID.json`.
        case record
        /// A file or record that is not whole: `ID.part`, `ID.json.part`, `ID.tus.json.part`.
        case part
        /// A resumable upload's bytes so far: `ID.tus`.
        case resumable
        /// What is known of a resumable upload: `ID.tus.json`.
        case plan
    }

    let id: UploadID
    let role: Role

    init?(_ name: String) {
        let pieces = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard pieces.count == 2, let id = UploadID(String(pieces[0])) else { return nil }
        switch pieces[1] {
        case "part", "json.part", "tus.json.part": role = .part
        case "json": role = .record
        case "tus": role = .resumable
        case "tus.json": role = .plan
        case let suffix:
            let isPlain = suffix.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) }
            guard !suffix.isEmpty, isPlain else { return nil }
            role = .content
        }
        self.id = id
    }
}
