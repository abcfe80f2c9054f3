import Foundation

/// Numbers of bytes for a person to read.
package enum ByteText {
    /// A size in decimal units, such as `4.1 MB`.
    package static func size(_ bytes: Int64) -> String {
        switch bytes {
        case 1_000_000_000...: String(format: "%.2f GB", Double(bytes) / 1e9)
        case 1_000_000...: String(format: "%.1f MB", Double(bytes) / 1e6)
        case 1_000...: String(format: "%.0f kB", Double(bytes) / 1e3)
        default: "\(bytes) B"
        }
    }
}
