import CFFmpeg

/// The FFmpeg libraries that this build is linked with.
package enum MediaLibrary {
    /// Version as the libraries tell it, such as `5.1.9-0+deb12u1`.
    package static var version: String { av_version_info().map { String(cString: $0) } ?? "unknown" }
}
