import Foundation

/// Finds the pictures, recordings and videos in a folder and all folders inside.
package enum MediaFolder {
    /// Endings of files that are judged, in small letters.
    private static let endings: Set<String> = [
        "aac", "aif", "aiff", "apng", "avi", "avif", "bmp", "flac", "flv", "gif", "heic", "jpeg", "jpg", "m4a", "m4v",
        "mka",
        "mkv", "mov", "mp3", "mp4", "mpeg", "mpg", "oga", "ogg", "ogv", "opus", "png", "tif", "tiff", "ts", "wav",
        "webm",
        "webp", "wma", "wmv",
    ]

    /// Puts the files of folders in the place of the folders.
    ///
    /// Hidden files and folders are passed over, and links to folders are not followed.
    /// - Parameter paths: Files and folders; a file is kept whatever its name is.
    /// - Returns: Files, those of a folder in the order of their names.
    /// - Throws: ``AppFailure`` where a folder has no such file or cannot be read.
    package static func files(in paths: [String]) throws -> [String] {
        try paths.flatMap { path in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
                return [path]
            }
            let found = try files(ofFolder: path)
            guard !found.isEmpty else {
                throw AppFailure(.unreadableInput, "the folder \(path) has no pictures, recordings or videos")
            }
            return found
        }
    }

    private static func files(ofFolder path: String) throws -> [String] {
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        guard FileManager.default.isReadableFile(atPath: path),
            let walker = FileManager.default.enumerator(atPath: path)
        else { throw AppFailure(.unreadableInput, "the folder \(path) cannot be read") }
        var names: [String] = []
        while let name = walker.nextObject() as? String {
            let last = name.split(separator: "/").last ?? ""
            if last.hasPrefix(".") {
                walker.skipDescendants()
                continue
            }
            if endings.contains(URL(filePath: name).pathExtension.lowercased()) { names.append(name) }
        }
        return names.sorted().map { folder.appending(path: $0).relativePath }
    }
}
