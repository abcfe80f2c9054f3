import CFFmpeg
import Foundation

/// libavdevice and libavfilter, which are loaded by the first capture and stay.
///
/// Linked, they cost every worker 38 ms at its start and 17 MB, see `docs/decisions/0013-capture.md`.
enum CaptureLibraries {
    private static let deviceTable: hype_devices? = {
        var table = hype_devices()
        guard let library = dlopen(hype_device_library, RTLD_NOW | RTLD_LOCAL),
            hype_find_devices(library, &table) == 0
        else { return nil }
        table.register_all()
        return table
    }()
    private static let filterTable: hype_filters? = {
        var table = hype_filters()
        guard let library = dlopen(hype_filter_library, RTLD_NOW | RTLD_LOCAL),
            hype_find_filters(library, &table) == 0
        else { return nil }
        return table
    }()

    /// libavdevice, its devices known to libavformat.
    static func devices() throws(CaptureFailure) -> hype_devices {
        guard let table = deviceTable else {
            throw missing(String(cString: hype_device_library), package: "libavdevice59")
        }
        return table
    }

    /// libavfilter.
    static func filters() throws(CaptureFailure) -> hype_filters {
        guard let table = filterTable else {
            throw missing(String(cString: hype_filter_library), package: "libavfilter8")
        }
        return table
    }

    private static func missing(_ file: String, package: String) -> CaptureFailure {
        CaptureFailure(
            .noLibrary,
            "\(file), which devices are read with, is not on this machine. Install FFmpeg's package \(package), or the "
                + "one of its name that belongs to this system's FFmpeg."
        )
    }
}
