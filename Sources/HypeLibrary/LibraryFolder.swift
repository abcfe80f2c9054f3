/// Where everything lies below the data folder.
///
/// `clips/SESSION/CLIP.mp4`, `clips/SESSION/CLIP.jpg`, and `CLIP_v2.mp4` once it was cut again; `incoming/` for what is being cut; `trash/DELETION/` for what is
/// being deleted. All of it is on one file system, so that moving is one step.
package struct LibraryFolder: Hashable, Sendable {
    /// What the folder of a clip without a session is called.
    static let noSession = "_"
    /// Endings that files of clips may have, and what they hold.
    static let mediaTypes = [
        "mp4": "video/mp4", "mkv": "video/x-matroska", "webm": "video/webm", "jpg": "image/jpeg", "png": "image/png",
    ]

    /// The data folder; absolute.
    package let data: String

    /// Creates a description of the folder; nothing is made on the disk.
    ///
    /// - Parameter data: Absolute path.
    package init(data: String) {
        self.data = data.count > 1 && data.hasSuffix("/") ? String(data.dropLast()) : data
    }

    /// Where clips are.
    package var clips: String { data + "/clips" }
    /// Where clips are written before they are adopted; what a crash leaves here is removed at the next start.
    package var incoming: String { data + "/incoming" }
    /// Where deletions are under way.
    package var trash: String { data + "/trash" }
    /// Says that the folder of the clips is the right one, not an empty place where a disk should be mounted.
    package var marker: String { clips + "/.hypeclip" }

    /// The path of a file below ``clips``, such as `SESSION/CLIP.mp4`.
    ///
    /// - Throws: ``LibraryFailure`` with ``LibraryFailure/Code/name``.
    package static func name(session: String?, clip: String, ending: String) throws(LibraryFailure) -> String {
        let folder = session ?? noSession
        guard isIdentifier(folder), isIdentifier(clip) else {
            throw LibraryFailure(.name, "identifiers may have up to 128 letters, digits, hyphens and underscores")
        }
        guard mediaTypes[ending] != nil else {
            throw LibraryFailure(.name, "files of clips end with \(mediaTypes.keys.sorted().joined(separator: ", "))")
        }
        return "\(folder)/\(clip).\(ending)"
    }

    /// The absolute path of a file of a clip.
    ///
    /// - Parameter name: Path below ``clips``, as ``name(session:clip:ending:)`` made it.
    /// - Returns: The path.
    /// - Throws: ``LibraryFailure`` with ``LibraryFailure/Code/name`` where it has any other form.
    package func path(of name: String) throws(LibraryFailure) -> String {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, Self.isIdentifier(parts[0]), let dot = parts[1].lastIndex(of: "."),
            Self.isIdentifier(parts[1][..<dot]), Self.mediaTypes[String(parts[1][dot...].dropFirst())] != nil
        else {
            throw LibraryFailure(.name, "a clip names a file outside of its folder; its entry was changed by hand")
        }
        return clips + "/" + name
    }

    /// Name without ending of a clip's files in a version; the first one has the clip's identifier.
    static func stem(of clip: String, version: Int) -> String {
        version > 1 ? "\(clip)\(versionMark)\(version)" : clip
    }

    /// The version that the name of a file tells, at least 1.
    static func version(ofName name: String) -> Int {
        guard let stem = name.split(separator: "/").last?.prefix(while: { $0 != "." }),
            let mark = stem.ranges(of: versionMark).last, let version = Int(stem[mark.upperBound...])
        else { return 1 }
        return max(1, version)
    }

    /// The identifier of the clip that a name without ending belongs to.
    static func clip(ofStem stem: String) -> String {
        guard let mark = stem.ranges(of: versionMark).last, Int(stem[mark.upperBound...]) != nil else { return stem }
        return String(stem[..<mark.lowerBound])
    }

    private static let versionMark = "_v"

    /// What a file holds, by its ending.
    static func mediaType(of name: String) -> String {
        mediaTypes[name.split(separator: ".").last.map(String.init) ?? ""] ?? "application/octet-stream"
    }

    /// Whether a text can be a folder or the stem of a file and nothing else.
    static func isIdentifier(_ text: some StringProtocol) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
