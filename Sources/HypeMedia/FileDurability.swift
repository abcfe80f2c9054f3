import Foundation

/// Makes sure that a power cut does not undo what was written.
package enum FileDurability {
    /// Waits until the disk has a file and its name.
    ///
    /// - Throws: ``MediaError`` with code `.diskFull` or `.cannotWrite`.
    package static func synchronise(_ path: String) throws(MediaError) {
        try wait(for: path)
        try wait(for: (path as NSString).deletingLastPathComponent)
    }

    private static func wait(for path: String) throws(MediaError) {
        let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Some file systems cannot synchronise folders and say EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            let cause = InputCheck.reason()
            let code: MediaError.Code = errno == ENOSPC || errno == EDQUOT ? .diskFull : .cannotWrite
            throw MediaError(code, "The disk did not take \(path). Check its free space and its health.", cause: cause)
        }
    }
}
