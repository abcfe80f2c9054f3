import CFFmpeg
import Foundation

/// Looks at a path before FFmpeg does, so that common mistakes get a plain sentence.
enum InputCheck {
    /// Throws where a path is not a readable file with bytes in it.
    static func check(_ path: String) throws(MediaError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            switch errno {
            case ENOENT, ENOTDIR:
                throw MediaError(.notFound, "There is no file at \(path). Check the spelling of the path.")
            case EACCES:
                throw MediaError(.permission, "A folder on the way to \(path) may not be entered. Check its rights.")
            default:
                throw MediaError(.cannotOpen, "\(path) cannot be looked at.", cause: reason())
            }
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            throw MediaError(.directory, "\(path) is a directory. Name one recording inside it.")
        case S_IFREG:
            break
        default:
            throw MediaError(.notRegularFile, "\(path) is not a regular file. Record it to a file first.")
        }
        guard status.st_size > 0 else {
            throw MediaError(.empty, "\(path) is empty. The recording or the download did not work; make it again.")
        }
        guard access(path, R_OK) == 0 else {
            throw MediaError(.permission, "\(path) may not be read. Give this user the right to read it.")
        }
    }

    /// The names of the demuxers that may open a file.
    ///
    /// Left out are those that open other files or devices named in the file (playlists, session descriptions, image
    /// sequences) and those that take any text for a picture.
    static let allowedFormats: String = {
        let denied: Set<String> = [
            "concat", "hls", "dash", "imf", "image2", "image2pipe", "sdp", "rtsp", "rtp", "sap", "tty", "ffmetadata",
            "bin", "xbin", "idf", "adf", "lavfi",
        ]
        var names: [String] = []
        var cursor: UnsafeMutableRawPointer?
        while let format = av_demuxer_iterate(&cursor) {
            let name = String(cString: format.pointee.name)
            if format.pointee.flags & AVFMT_NOFILE == 0, !denied.contains(name) { names.append(name) }
        }
        return names.joined(separator: ",")
    }()

    /// What the operating system says about its last error.
    static func reason() -> String { String(cString: strerror(errno)) }
}
