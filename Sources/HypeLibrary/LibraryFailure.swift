/// Why something about clips and their files cannot be done.
package struct LibraryFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Hashable, Sendable, CaseIterable {
        /// There is nothing with this identifier, or it is being deleted.
        case notFound
        /// An identifier or a file name contains what could lead out of the folder.
        case name
        /// There is a file or a clip with this name already.
        case exists
        /// A file is not what its clip says: another size or another hash.
        case changed
        /// The folder of the clips is not the one in which they were put; perhaps a disk is not mounted.
        case absent
        /// A file cannot be read, moved or deleted.
        case disk
        /// The store is out of order.
        case store
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and how to remedy it.
    package let message: String
    /// What lies behind it; for logs, not for clients.
    package let cause: (any Error)?

    /// Creates a failure.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
